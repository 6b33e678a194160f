/** The names and texts of the files of the page's private file system, but for copies that are being written. */
async () => {
  const files = [];
  for await (const [name, handle] of (await navigator.storage.getDirectory()).entries()) {
    if (!name.endsWith('.crswap')) files.push({ name, text: await (await handle.getFile()).text() });
  }
  return files;
};
