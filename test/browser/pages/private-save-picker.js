/** Chooses a file of the page's private file system, so that no dialog opens. */
globalThis.showSaveFilePicker = async ({ suggestedName }) => {
  const root = await navigator.storage.getDirectory();
  return root.getFileHandle(suggestedName, { create: true });
};
