// Keeps a page fresh without disturbing who reads it. Plain ES2017: a ward PC's browser of 2018
// runs it, and every page works without it.
(function () {
  "use strict";
  var root = document.documentElement;
  var every = Number(root.getAttribute("data-every") || 10) * 1000;
  var link = document.getElementById("link");
  // The server's clock counts; a copy kept on this tablet says when it was put there.
  var read = Number(root.getAttribute("data-kept")) || Date.now();
  var offset = Number(root.getAttribute("data-now")) - read;
  var etag = null;
  var offered = null;

  function now() {
    return Date.now() + offset;
  }

  function say(text, bad) {
    if (window.wardlight) { return; } // the outbox speaks for both
    if (link.textContent === text) { return; } // said once, not every ten seconds
    link.textContent = text;
    link.className = bad ? "link bad" : "link";
  }

  // --- ages grow by themselves, also when the server is gone ------------------------------

  function span(ms) {
    var minutes = Math.floor(ms / 60000);
    if (ms < -60000) { return span(-ms).replace(" old", "") + " ahead of this clock"; }
    if (minutes < 1) { return "under 1 min old"; }
    if (minutes < 60) { return minutes + " min old"; }
    if (minutes < 1440) { return two(minutes, 60, " h", " min"); }
    return two(Math.floor(minutes / 60), 24, " d", " h");
  }

  function two(total, size, large, small) {
    var rest = total % size;
    return Math.floor(total / size) + large + (rest ? " " + rest + small : "") + " old";
  }

  function tick() {
    var at = now();
    document.querySelectorAll(".age[data-at]").forEach(function (age) {
      var old = at - Number(age.getAttribute("data-at"));
      var level = "amber";
      if (old > Number(age.getAttribute("data-amber"))) { level = "old"; }
      else if (old >= -60000 && old <= Number(age.getAttribute("data-plain"))) { level = "plain"; }
      put(age.querySelector(".age-span"), span(old));
      put(age.querySelector(".age-word"), level === "old" ? "OLD" : "");
      if (age.className !== "age age-" + level) { age.className = "age age-" + level; }
    });
  }

  function put(element, text) {
    if (element && element.textContent !== text) { element.textContent = text; }
  }

  // --- fresh sections take the place of old ones, unless somebody is in them --------------

  function busy(element) {
    var active = document.activeElement;
    if (active && active !== document.body && element.contains(active)) { return true; }
    if (element.querySelector("form[data-dirty]")) { return true; }
    var selection = window.getSelection();
    return Boolean(selection) && !selection.isCollapsed && selection.containsNode(element, true);
  }

  function copy(from, to) {
    if (from.innerHTML === to.innerHTML || busy(to)) { return; }
    var open = Array.from(to.querySelectorAll("details")).map(function (one) { return one.open; });
    to.innerHTML = from.innerHTML;
    to.querySelectorAll("details").forEach(function (one, at) { one.open = Boolean(open[at]); });
  }

  function rows(section) {
    return Array.from(section.querySelectorAll("tr[data-row]"));
  }

  function key(row) {
    return row.getAttribute("data-row");
  }

  function changes(fresh, old) {
    var before = rows(old).map(key);
    var after = rows(fresh).map(key);
    var come = after.filter(function (one) { return before.indexOf(one) < 0; }).length;
    var gone = before.filter(function (one) { return after.indexOf(one) < 0; }).length;
    return come + gone || (before.join("\n") === after.join("\n") ? 0 : 1);
  }

  function cells(fresh, old) {
    var found = {};
    rows(fresh).forEach(function (row) { found[key(row)] = row; });
    rows(old).forEach(function (row) {
      var from = found[key(row)];
      if (!from || from.children.length !== row.children.length) { return; }
      row.className = from.className;
      Array.from(row.children).forEach(function (cell, at) {
        cell.className = from.children[at].className;
        copy(from.children[at], cell);
      });
    });
  }

  function refresh(fresh, old) {
    if (!rows(old).length || !rows(fresh).length) { copy(fresh, old); return 0; }
    var count = changes(fresh, old);
    cells(fresh, old);
    // Column heads move with the hour; a chart cut at another "now" is taken whole.
    if (!count && old.querySelectorAll("th").length !== fresh.querySelectorAll("th").length) {
      copy(fresh, old);
    } else {
      Array.from(old.querySelectorAll("thead th")).forEach(function (head, at) {
        var from = fresh.querySelectorAll("thead th")[at];
        if (from) { head.className = from.className; copy(from, head); }
      });
    }
    return count;
  }

  function take(page) {
    if (root.classList.contains("locked")) { return; } // nothing of a patient, not in the title
    var count = 0;
    document.title = page.title;
    document.body.className = page.body.className;
    var icon = page.querySelector("link[rel=icon]");
    if (icon) { document.querySelector("link[rel=icon]").href = icon.href; }
    document.querySelectorAll("[data-live]").forEach(function (old) {
      var fresh = page.getElementById(old.id);
      if (fresh) { count += refresh(fresh, old); }
      else { count += 1; }
    });
    var known = document.querySelectorAll("[data-live]").length;
    if (page.querySelectorAll("[data-live]").length > known) { count += 1; }
    offer(count);
    tick();
  }

  function offer(count) {
    if (offered && !count) { offered.remove(); offered = null; }
    if (!count) { return; }
    if (!offered) {
      offered = document.createElement("button");
      offered.type = "button";
      offered.className = "offer";
      offered.addEventListener("click", function () { window.location.reload(); });
      var main = document.getElementById("main");
      main.insertBefore(offered, main.firstChild);
    }
    put(offered, "Update list (" + count + (count === 1 ? " change)" : " changes)"));
  }

  // --- asking ---------------------------------------------------------------------------

  function ask() {
    var live = document.querySelector("main [data-live]") !== null;
    var stop = new AbortController();
    var timer = window.setTimeout(function () { stop.abort(); }, 8000);
    var headers = { "x-wardlight-refresh": "1" }; // nobody has to be there for it
    if (etag) { headers["If-None-Match"] = etag; }
    return fetch(live ? window.location.href : "/ping", {
      headers: headers, cache: "no-store", credentials: "same-origin", signal: stop.signal
    }).then(function (answer) {
      var clock = Number(answer.headers.get("wardlight-now"));
      if (!clock) { throw new Error("not our server"); }
      offset = clock - Date.now();
      say("Connected", false);
      if (answer.redirected) {
        document.dispatchEvent(new CustomEvent("wardlight-signed-out"));
        return null;
      }
      if (!live || answer.status !== 200) { return null; }
      etag = answer.headers.get("etag");
      return answer.text().then(function (text) {
        take(new DOMParser().parseFromString(text, "text/html"));
        document.dispatchEvent(new CustomEvent("wardlight-fresh"));
      });
    }).catch(function () {
      say("Server not reachable: ages keep growing", true);
    }).then(function () {
      window.clearTimeout(timer);
      tick();
    });
  }

  function again() {
    ask().then(function () { window.setTimeout(again, every); });
  }

  // --- keys -------------------------------------------------------------------------------

  document.addEventListener("keydown", function (event) {
    var typing = /^(input|textarea|select)$/i.test(event.target.tagName);
    var find = document.getElementById("find");
    if (!find || event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) { return; }
    event.preventDefault();
    find.focus();
  });

  document.addEventListener("click", function (event) {
    var row = event.target.closest("tr[data-row]");
    if (!row || event.target.closest("a, button, summary") || event.button) { return; }
    var selection = window.getSelection();
    if (selection && !selection.isCollapsed) { return; }
    var go = row.querySelector("a.go");
    if (go) { go.click(); }
  });

  window.setInterval(tick, 5000);
  window.setTimeout(again, 1500);
  window.addEventListener("online", ask);
  document.addEventListener("visibilitychange", function () { if (!document.hidden) { ask(); } });
  tick();
}());
