// Takes pushes in a service worker, and opens the crew's page when one is touched.
const PAGE = "/crew";
const ANSWERED = {
  en: { title: "Already answered", text: "Nothing to do: this order was answered or taken back." },
  zh: { title: "已处理", text: "无需操作：该派单已应答或已撤回。" },
};

/** Tell the server that a push came; returns whether what it says still holds. */
async function receipt({ delivery_id, token }, state) {
  try {
    const answer = await fetch(`/api/v1/deliveries/${delivery_id}/receipt`, {
      method: "POST",
      credentials: "omit", // the token in the push is the proof
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ token, state }),
    });
    return answer.ok ? (await answer.json()).needed : true;
  } catch {
    return true; // without a connection it rings rather than not
  }
}

async function show(told) {
  const needed = await receipt(told, "delivered");
  const words = needed ? told : (ANSWERED[told.language] ?? ANSWERED.en);
  // A browser wants every push to be seen; one that holds no longer is seen in silence.
  await self.registration.showNotification(words.title, {
    body: words.text,
    tag: told.tag,
    lang: told.language,
    renotify: needed,
    silent: !needed,
    requireInteraction: needed,
    vibrate: needed ? [400, 200, 400, 200, 400] : undefined,
    data: { delivery_id: told.delivery_id, token: told.token },
  });
}

async function open(data) {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const page = pages.find((each) => new URL(each.url).pathname === PAGE);
  await Promise.all([receipt(data, "seen"), page ? page.focus() : self.clients.openWindow(PAGE)]);
}

/** Listen for pushes and for touches of what they show. */
export function takePushes() {
  self.addEventListener("push", (event) => {
    const told = event.data?.json();
    if (told) event.waitUntil(show(told));
  });
  self.addEventListener("notificationclick", (event) => {
    event.notification.close();
    event.waitUntil(open(event.notification.data));
  });
}
