/** Chooses a file on a disk that is full, and counts the answers of which the page wants no more. */
globalThis.cancelled = 0;
const { prototype } = globalThis.ReadableStreamDefaultReader;
const { cancel } = prototype;
prototype.cancel = function (reason) {
  globalThis.cancelled++;
  return cancel.call(this, reason);
};
globalThis.showSaveFilePicker = async ({ suggestedName }) => ({
  name: suggestedName,
  getFile: async () => ({ size: 0 }),
  remove: async () => {
    globalThis.removed = true;
  },
  createWritable: async () => ({
    write: async () => {
      throw new globalThis.DOMException('The disk is full.', 'QuotaExceededError');
    },
    close: async () => {},
    abort: async () => {},
  }),
});
