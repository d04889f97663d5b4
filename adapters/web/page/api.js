// The server: requests, and the socket that stays open or comes back.

export class ApiError extends Error {
  constructor(status, message, hint) {
    super(message);
    this.status = status;
    this.hint = hint ?? "";
  }
}

let askToken = () => {};
export const onUnauthorised = (ask) => {
  askToken = ask;
};

async function call(path, body) {
  const options = { credentials: "same-origin", signal: AbortSignal.timeout(15000) };
  if (body !== undefined) {
    options.method = "POST";
    options.headers = { "Content-Type": "application/json" };
    options.body = JSON.stringify(body);
  }
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new ApiError(0, "Coxswain does not answer.", "Send it again in a moment; it arrives only once.");
  }
  const answer = await response.json().catch(() => null);
  if (response.ok) return answer;
  if (response.status === 401 && path !== "/api/login") askToken();
  throw new ApiError(
    response.status,
    answer?.error?.message ?? `The server answered ${response.status}.`,
    answer?.error?.hint,
  );
}

const channelPath = (id) => `/api/channels/${encodeURIComponent(id)}`;

export const api = {
  channels: () => call("/api/channels"),
  channel: (id) => call(channelPath(id)),
  people: () => call("/api/people"),
  commands: () => call("/api/commands"),
  clock: () => call("/api/clock"),
  incidents: () => call("/api/incidents"),
  incident: (id) => call(`/api/incidents/${encodeURIComponent(id)}`),
  say: (channel, body) => call(`${channelPath(channel)}/messages`, body),
  press: (channel, body) => call(`${channelPath(channel)}/press`, body),
  login: (token) => call("/api/login", { token }),
};

// Keeps one socket open. `opened(again)` returns the frame to subscribe with; `frame` gets each message;
// `state` is told "live" or "lost".
export function connect({ opened, frame, state }) {
  let tries = 0;
  let socket = null;
  let timer = 0;
  let before = false;

  function open() {
    clearTimeout(timer);
    timer = 0;
    socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws`);
    socket.onopen = () => {
      tries = 0;
      state("live");
      socket.send(JSON.stringify(opened(before)));
      before = true;
    };
    socket.onmessage = (event) => {
      let value;
      try {
        value = JSON.parse(event.data);
      } catch {
        return;
      }
      frame(value);
    };
    socket.onclose = () => {
      socket = null;
      state("lost");
      const wait = Math.min(15000, 400 * 2 ** tries++) * (0.7 + Math.random() * 0.6);
      timer = setTimeout(open, wait);
    };
  }
  const hurry = () => {
    if (timer && document.visibilityState === "visible") open();
  };
  addEventListener("online", hurry);
  document.addEventListener("visibilitychange", hurry);
  open();
}
