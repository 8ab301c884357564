// What the script says, in the page's language: the texts come with the page, sizes and durations from the browser.

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

    /** In powers of 1024, three digits and never more than it is: as the page writes it. */
    size(bytes) {
      const units = this.say('units').split(' ');
      let unit = 0;
      let value = bytes;
      while (value >= 1024 && unit < units.length - 1) {
        value /= 1024;
        unit += 1;
      }
      const decimals = unit === 0 || value >= 100 ? 0 : value < 10 ? 2 : 1;
      return `${number(Math.floor(value * 10 ** decimals) / 10 ** decimals, decimals)}\u00A0${units[unit]}`;
    },

    /** Two sizes to compare: in bytes, if they would look the same. */
    sizes(...both) {
      const said = both.map((bytes) => this.size(bytes));
      return said[0] === said[1]
        ? both.map((bytes) => `${number(bytes, 0)}\u00A0${this.say('units').split(' ')[0]}`)
        : said;
    },

    duration(seconds) {
      if (seconds < 90) {
        return duration(seconds, 'second');
      }
      return seconds < 5400 ? duration(seconds / 60, 'minute') : duration(seconds / 3600, 'hour');
    },
  };
}
