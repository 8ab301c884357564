// What the script says, in the page's language: the texts come with the page, sizes and durations from the browser.

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'];

/** @param texts by key, with {0} and {1} for what is put in */
export function createWords(texts, language) {
  const number = (value, fraction) =>
    new Intl.NumberFormat(language, { maximumFractionDigits: fraction }).format(value);
  const duration = (value, unit) =>
    new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short' }).format(Math.ceil(value));

  return {
    say(key, ...values) {
      return texts[key].replace(/\{(\d)\}/g, (all, index) => values[index]);
    },

    /** In powers of 1000, three digits: as the page writes it. */
    size(bytes) {
      let unit = 0;
      let value = bytes;
      while (value >= 1000 && unit < UNITS.length - 1) {
        value /= 1000;
        unit += 1;
      }
      return `${number(value, unit === 0 || value >= 100 ? 0 : value < 10 ? 2 : 1)}\u00A0${UNITS[unit]}`;
    },

    duration(seconds) {
      if (seconds < 90) {
        return duration(seconds, 'second');
      }
      return seconds < 5400 ? duration(seconds / 60, 'minute') : duration(seconds / 3600, 'hour');
    },
  };
}
