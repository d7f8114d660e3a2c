// Keeps a dispatcher's board alive: asks what is new, says so, and says when it no longer knows.
// Plain ES2017; without it the page asks again every 20 seconds by itself.
(function () {
  "use strict";
  var root = document.documentElement;
  var mark = root.getAttribute("data-mark");
  var offset = Number(root.getAttribute("data-now")) - Date.now();
  var connected = document.getElementById("connected");
  var alertBox = document.getElementById("alert");
  var form = document.getElementById("seen");
  var by = document.getElementById("by");
  var title = document.title;
  var lost = null; // when the node last answered, while it does not
  var heard = Date.now();
  var WAIT_MS = 20000; // the node answers after 10 s at the latest
  var RETRY_MS = 2000;
  var WHOLE_MS = 60000; // counts and ages are fetched at least so often
  var whole = Date.now();

  function now() { return Date.now() + offset; }

  function fetched(address, options) {
    var stop = new AbortController();
    var timer = window.setTimeout(function () { stop.abort(); }, WAIT_MS);
    return fetch(address, Object.assign({ signal: stop.signal, cache: "no-store" }, options))
      .then(function (answer) { window.clearTimeout(timer); return answer; },
        function (error) { window.clearTimeout(timer); throw error; });
  }

  // --- what grows old by itself ----------------------------------------------------------

  function ago(ms) {
    var minutes = Math.max(Math.floor(ms / 60000), 0);
    if (minutes < 1) { return "under 1 min ago"; }
    if (minutes < 60) { return minutes + " min ago"; }
    return Math.floor(minutes / 60) + " h " + (minutes % 60) + " min ago";
  }

  function tick() {
    document.querySelectorAll(".ago[data-at]").forEach(function (one) {
      put(one, ago(now() - Number(one.getAttribute("data-at"))));
    });
    // A machine that slept, or a question nobody answers: the node is away until it is heard again.
    if (lost === null && Date.now() - heard > WAIT_MS + RETRY_MS) { lost = heard; }
    // While the node is away nothing may look true for longer than somebody answered for it.
    document.querySelectorAll("[data-until]").forEach(function (one) {
      if (Number(one.getAttribute("data-until")) > now() || lost === null) { return; }
      one.classList.add("stale");
      put(one.querySelector(".state-word, .chip-state"), "NO REPORT, node away");
    });
    if (lost !== null) {
      connected.className = "bad";
      put(connected, "NOT CONNECTED: what you see is " + ago(Date.now() - lost).replace(" ago", " old"));
    } else {
      connected.className = "";
      put(connected, "Live");
    }
  }

  function put(element, text) {
    if (element && element.textContent !== text) { element.textContent = text; }
  }

  // --- what is new -----------------------------------------------------------------------

  function ids(of) {
    return Array.from(of.querySelectorAll("[data-change]")).map(function (one) {
      return one.getAttribute("data-change");
    });
  }

  function swap(id, page) {
    var old = document.getElementById(id);
    var fresh = page.getElementById(id);
    if (!fresh || old.innerHTML === fresh.innerHTML) { return; }
    var open = Array.from(old.querySelectorAll("details[open]")).map(function (one) {
      return one.getAttribute("data-hospital");
    });
    var active = document.activeElement;
    var inside = active && old.contains(active) ? active.closest("[data-hospital]") : null;
    old.innerHTML = fresh.innerHTML;
    old.setAttribute("data-unseen", fresh.getAttribute("data-unseen") || "");
    old.querySelectorAll("details").forEach(function (one) {
      one.open = open.indexOf(one.getAttribute("data-hospital")) >= 0;
      if (inside && one.getAttribute("data-hospital") === inside.getAttribute("data-hospital")) {
        one.querySelector("summary").focus({ preventScroll: true });
      }
    });
  }

  function tell(page, known) {
    var fresh = Array.from(page.querySelectorAll("[data-change]")).filter(function (one) {
      return known.indexOf(one.getAttribute("data-change")) < 0;
    });
    if (!fresh.length) { return; }
    fresh.reverse().forEach(function (one) {
      var line = document.createElement("p");
      line.textContent = "CHANGED " + one.querySelector(".change-words").textContent;
      line.setAttribute("data-of", one.getAttribute("data-change"));
      alertBox.insertBefore(line, alertBox.firstChild);
    });
    document.dispatchEvent(new CustomEvent("wardlight-change"));
  }

  function quiet() {
    alertBox.querySelectorAll("[data-of]").forEach(function (line) {
      var one = Array.from(document.querySelectorAll("[data-change]")).filter(function (row) {
        return row.getAttribute("data-change") === line.getAttribute("data-of");
      })[0];
      if (!one || one.className !== "unseen") { line.remove(); }
    });
    var count = document.querySelectorAll("#changes .unseen").length;
    document.title = count ? "(" + count + " new) " + title : title;
  }

  function refresh() {
    return fetched("/ems").then(function (answer) {
      if (!answer.ok) { throw new Error("no board"); }
      return answer.text();
    }).then(function (text) {
      var page = new DOMParser().parseFromString(text, "text/html");
      var known = ids(document);
      mark = page.documentElement.getAttribute("data-mark");
      offset = Number(page.documentElement.getAttribute("data-now")) - Date.now();
      ["board", "changes", "notices", "as-of"].forEach(function (id) { swap(id, page); });
      tell(page, known);
      quiet();
      whole = Date.now();
      back();
    });
  }

  function back() {
    lost = null;
    heard = Date.now();
    tick();
  }

  function gone() {
    if (lost === null) { lost = heard; }
    tick();
    window.setTimeout(ask, RETRY_MS);
  }

  function ask() {
    fetched("/ems/wait?mark=" + encodeURIComponent(lost === null ? mark : "")).then(function (answer) {
      if (!answer.ok) { throw new Error("no answer"); }
      return answer.json();
    }).then(function (told) {
      var early = Date.now() - heard < 1000;
      if (told.mark !== mark || lost !== null || Date.now() - whole > WHOLE_MS) {
        return refresh().then(ask);
      }
      back();
      window.setTimeout(ask, early ? RETRY_MS : 0); // a node with too many open questions
      return null;
    }).catch(gone);
  }

  // --- saying "seen", and the keys --------------------------------------------------------

  form.addEventListener("submit", function (event) {
    var pressed = event.submitter || document.activeElement;
    if (!pressed || pressed.name !== "change") { return; }
    event.preventDefault();
    window.localStorage.setItem("wardlight-ems-by", by.value);
    var body = new URLSearchParams({ change: pressed.value, by: by.value });
    fetched("/ems/seen", { method: "POST", body: body }).then(function (answer) {
      if (!answer.ok) { return answer.text().then(function (words) { say(words); }); }
      return refresh();
    }).catch(function () { say("Not saved: the node does not answer. Press again."); });
  });

  function say(words) {
    var line = document.createElement("p");
    line.textContent = words;
    alertBox.appendChild(line);
    window.setTimeout(function () { line.remove(); }, 8000);
  }

  document.addEventListener("keydown", function (event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target === by) { return; }
    if (!/^[1-9]$/.test(event.key)) { return; }
    var hospital = document.getElementById("h-" + event.key);
    if (!hospital) { return; }
    document.querySelectorAll("details.hospital").forEach(function (one) { one.open = one === hospital; });
    hospital.querySelector("summary").focus();
    event.preventDefault();
  });

  by.value = window.localStorage.getItem("wardlight-ems-by") || "";
  quiet();
  window.setInterval(tick, 1000);
  ask();
}());
