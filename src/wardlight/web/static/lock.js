// Locks a screen that nobody touches: what is on it is covered until somebody signs in. With the
// server away, whoever is there may go on: care is never blocked, and what is entered still says
// whose page it is. Plain ES2017.
(function () {
  "use strict";
  var root = document.documentElement;
  var idleMs = Number(root.getAttribute("data-idle")) * 60000;
  var who = meta("who");
  var LOCKED = "wardlight-locked"; // "sent", or "unsent" while the server does not know yet
  var TOUCHED = "wardlight-touched";
  var AWAY = "wardlight-opened-away";
  var LOOK_MS = 5000;
  var TELL_MS = 20000;
  var memory = {};
  var cover = null;
  var title = "";
  var toldAt = Date.now();

  function meta(name) {
    var found = document.querySelector("meta[name='wardlight-" + name + "']");
    return found ? found.getAttribute("content") : "";
  }

  // Shared by all tabs of this device; where nothing can be kept each tab is on its own.
  function get(name) {
    try { return window.localStorage.getItem(name) || ""; }
    catch (error) { return memory[name] || ""; }
  }

  function set(name, value) {
    memory[name] = value;
    try {
      if (value) { window.localStorage.setItem(name, value); }
      else { window.localStorage.removeItem(name); }
    } catch (error) { return; }
  }

  function post(path) {
    return window.fetch(path, {
      method: "POST", credentials: "same-origin", cache: "no-store", redirect: "error"
    });
  }

  // --- locking ------------------------------------------------------------------------------

  function tellLocked() {
    return post("/lock").then(function (answer) {
      away(false);
      if (answer.status === 204 && get(LOCKED)) { set(LOCKED, "sent"); }
    }, function () { away(true); });
  }

  function lock() {
    set(LOCKED, "unsent");
    draw();
    return tellLocked();
  }

  function look() {
    if (!who) { return; }
    if (get(LOCKED)) {
      draw();
      if (get(LOCKED) === "unsent") { tellLocked(); }
    } else if (idleMs && Date.now() - Number(get(TOUCHED)) > idleMs) {
      lock();
    }
  }

  function touched() {
    if (cover || !who) { return; }
    set(TOUCHED, String(Date.now()));
    if (Date.now() - toldAt < TELL_MS) { return; }
    toldAt = Date.now();
    post("/touch").then(function (answer) { if (answer.status === 401) { ended(); } },
      function () { return null; });
  }

  // The server says that nobody is signed in here any more.
  function ended() {
    if (!who || cover) { return; }
    set(LOCKED, "sent");
    draw();
  }

  // --- the cover ----------------------------------------------------------------------------

  function element(name, text, parent) {
    var made = document.createElement(name);
    made.textContent = text;
    parent.appendChild(made);
    return made;
  }

  function draw() {
    if (cover) { return; }
    cover = document.createElement("div");
    cover.id = "lock-cover";
    cover.setAttribute("role", "dialog");
    cover.setAttribute("aria-modal", "true");
    cover.setAttribute("aria-labelledby", "lock-title");
    element("h1", "Locked", cover).id = "lock-title";
    element("p", "What was typed is kept on this device.", cover);
    var next = window.location.pathname + window.location.search;
    var link = element("a", "Sign in", element("p", "", cover));
    link.className = "button";
    link.href = "/sign-in?next=" + encodeURIComponent(next);
    var gone = element("div", "", cover);
    gone.id = "lock-away";
    gone.hidden = true;
    element("p", "What is entered then is signed as " + who + ".", gone);
    var on = element("button", "Server not reachable: go on as " + who, gone);
    on.type = "button";
    on.addEventListener("click", goOn);
    title = document.title;
    document.title = "Locked";
    document.body.appendChild(cover);
    root.classList.add("locked");
    link.focus();
    away(window.wardlight.sending.state.reached === false);
  }

  function away(is) {
    var gone = document.getElementById("lock-away");
    if (gone) { gone.hidden = !is; }
  }

  function undraw() {
    if (!cover) { return; }
    cover.remove();
    cover = null;
    root.classList.remove("locked");
    document.title = title;
  }

  function goOn() {
    set(AWAY, String(openedAway() + 1));
    set(LOCKED, "");
    set(TOUCHED, String(Date.now()));
    undraw();
  }

  function openedAway() { return Number(get(AWAY)) || 0; }

  // --- what happens -------------------------------------------------------------------------

  ["mousedown", "touchstart", "keydown", "wheel"].forEach(function (name) {
    document.addEventListener(name, touched, { capture: true, passive: true });
  });
  ["focus", "pageshow", "online"].forEach(function (name) {
    window.addEventListener(name, look);
  });
  document.addEventListener("visibilitychange", look);
  window.addEventListener("storage", function (event) {
    if (event.key !== LOCKED) { return; }
    if (event.newValue) { look(); }
    else if (cover) { window.location.reload(); } // opened in another tab: by whom?
  });
  document.addEventListener("wardlight-signed-out", ended);
  document.addEventListener("wardlight-outbox", function (event) {
    var state = event.detail.state;
    away(state.reached === false);
    if (!state.reached || !who || state.who === who) { return; }
    if (!state.who) { ended(); }
    // Somebody else signed in on another tab: what is entered here would be in the wrong name.
    else if (!cover && !root.hasAttribute("data-kept")) { window.location.reload(); }
  });

  function begin() {
    var now = document.getElementById("lock-now");
    if (now) {
      now.hidden = !who;
      now.addEventListener("click", lock);
    }
    if (!who) {
      if (get(LOCKED) === "unsent") { tellLocked(); }
      return;
    }
    // A page fresh from the server was given to somebody who is signed in; a kept copy was not.
    if (!root.hasAttribute("data-kept")) {
      if (get(LOCKED) === "sent") { set(LOCKED, ""); }
      set(TOUCHED, String(Date.now()));
    }
    look();
    window.setInterval(look, LOOK_MS);
  }

  window.wardlight.lock = { lock: lock, openedAway: openedAway };
  begin();
}());
