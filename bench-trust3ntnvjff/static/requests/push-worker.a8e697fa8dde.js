// Shows what the platform tells this browser, and leads to it. It keeps nothing and answers no page.
self.addEventListener("push", (event) => {
  const told = event.data ? event.data.json() : { title: "Lacydon", body: "", url: "/", tag: "" };
  // The same tag replaces what it says: a message that came twice is shown once.
  event.waitUntil(self.registration.showNotification(told.title, { body: told.body, tag: told.tag, data: { url: told.url } }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const address = new URL(event.notification.data.url, self.location.origin);
  if (address.origin === self.location.origin) event.waitUntil(self.clients.openWindow(address.href));
});
