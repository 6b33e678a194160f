/** As in Firefox and Safari. */
delete globalThis.showSaveFilePicker;
