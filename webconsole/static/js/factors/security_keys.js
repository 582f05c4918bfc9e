// WebAuthn in the browser: what the server asks of a security key, and the key's answer as JSON.
// Browsers of before 2024 lack parseRequestOptionsFromJSON and toJSON, so the bytes are read here.

const bytesOf = (text) => {
  const padded = text.replaceAll("-", "+").replaceAll("_", "/").padEnd(Math.ceil(text.length / 4) * 4, "=");
  return Uint8Array.from(atob(padded), (letter) => letter.charCodeAt(0));
};

const textOf = (buffer) => {
  const letters = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
};

const named = (credentials) => (credentials ?? []).map((each) => ({ ...each, id: bytesOf(each.id) }));

/** Have a key make a credential for this site; the answer as the server reads it. */
export async function makeKey(options) {
  const publicKey = {
    ...options,
    challenge: bytesOf(options.challenge),
    user: { ...options.user, id: bytesOf(options.user.id) },
    excludeCredentials: named(options.excludeCredentials),
  };
  const made = await navigator.credentials.create({ publicKey });
  return answered(made, {
    clientDataJSON: textOf(made.response.clientDataJSON),
    attestationObject: textOf(made.response.attestationObject),
    transports: made.response.getTransports?.() ?? [],
  });
}

/** Have one of the account's keys sign; the answer as the server reads it. */
export async function signWithKey(options) {
  const publicKey = {
    ...options,
    challenge: bytesOf(options.challenge),
    allowCredentials: named(options.allowCredentials),
  };
  const signed = await navigator.credentials.get({ publicKey });
  return answered(signed, {
    clientDataJSON: textOf(signed.response.clientDataJSON),
    authenticatorData: textOf(signed.response.authenticatorData),
    signature: textOf(signed.response.signature),
    userHandle: signed.response.userHandle ? textOf(signed.response.userHandle) : null,
  });
}

const answered = (credential, response) => ({
  id: credential.id,
  rawId: textOf(credential.rawId),
  type: credential.type,
  response,
  clientExtensionResults: credential.getClientExtensionResults(),
});
