// Small values kept in the browser's local storage across reloads and dead batteries. Storage may be
// full or forbidden: then they live as long as the page does.

export function readStored(key, otherwise) {
  try {
    const raw = localStorage.getItem(key);
    return raw === null ? otherwise : JSON.parse(raw);
  } catch {
    return otherwise;
  }
}

export function writeStored(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}
