// Shared worker that holds the stream for all windows of one account. Its address carries the version
// of the files and its name the account, so that neither is ever mixed with another's.
import { Hub } from "./stream_hub.js";
import { whenGone } from "./window_locks.js";

const hub = new Hub();

self.addEventListener("connect", ({ ports: [port] }) => {
  const post = (message) => port.postMessage(message);
  let id = null;
  port.onmessage = ({ data }) => {
    if (data.kind === "join") {
      id = data.id;
      // A window that crashes says no goodbye; the lock it held tells.
      whenGone(data.lock, () => hub.leave(id));
    }
    if (id !== null) hub.receive(id, data, post);
  };
});
