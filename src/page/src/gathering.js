// Where files come from: buttons, a drop anywhere on the page (folders too), the clipboard.
import { getDroppedFiles } from '@uppy/core/utils';

/**
 * @param page the document's elements by id
 * @param take is given an array of File
 */
export function gather(page, take) {
  const files = page('files');
  const folder = page('folder');
  folder.webkitdirectory = true;
  for (const [button, input] of [[page('choose'), files], [page('choose-folder'), folder]]) {
    button.addEventListener('click', () => input.click());
    input.addEventListener('change', () => {
      take([...input.files]);
      input.value = '';
    });
  }

  document.addEventListener('paste', (event) => {
    if (event.clipboardData.files.length > 0) {
      event.preventDefault();
      take([...event.clipboardData.files]);
    }
  });

  const dropping = page('dropping');
  const carriesFiles = (event) => event.dataTransfer.types.includes('Files');
  let depth = 0;
  const enter = (step) => {
    depth += step;
    dropping.hidden = depth <= 0;
  };
  document.addEventListener('dragenter', (event) => carriesFiles(event) && enter(1));
  document.addEventListener('dragleave', (event) => carriesFiles(event) && enter(-1));
  document.addEventListener('dragover', (event) => {
    if (carriesFiles(event)) {
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
    }
  });
  document.addEventListener('drop', async (event) => {
    if (carriesFiles(event)) {
      event.preventDefault();
      enter(-depth);
      take(await getDroppedFiles(event.dataTransfer));
    }
  });
}

/** The path of a file of a folder, from the folder's name on; else its name. */
export function pathOf(file) {
  return file.relativePath?.replace(/^\//, '') || file.webkitRelativePath || file.name;
}
