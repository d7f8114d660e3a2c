// What this tablet keeps by itself: entries, half-typed forms, downtime numbers. IndexedDB, so that
// a dead battery or a closed tab loses nothing. Nothing unsent ever expires. Plain ES2017.
(function () {
  "use strict";
  var NAME = "wardlight";
  var TABLES = ["entries", "drafts", "numbers", "notes"];
  var opened = null;

  // --- opening ----------------------------------------------------------------------------

  function create(base) {
    var entries = base.createObjectStore("entries", { keyPath: "seq", autoIncrement: true });
    entries.createIndex("id", "id", { unique: true });
    entries.createIndex("state", ["state", "seq"]); // drained in the order they were made
    base.createObjectStore("drafts", { keyPath: "key" });
    var numbers = base.createObjectStore("numbers", { keyPath: "order", autoIncrement: true });
    numbers.createIndex("number", "number", { unique: true });
    numbers.createIndex("free", "free"); // a taken one stays, without "free": never given twice
    base.createObjectStore("notes", { keyPath: "name" });
  }

  function open() {
    if (opened) { return opened; }
    opened = new Promise(function (done, failed) {
      var asked = window.indexedDB.open(NAME, 1);
      asked.onupgradeneeded = function () { create(asked.result); };
      asked.onerror = function () { failed(asked.error); };
      asked.onsuccess = function () {
        var base = asked.result;
        base.onclose = function () { opened = null; };
        base.onversionchange = function () { opened = null; base.close(); };
        done(base);
      };
    });
    opened.catch(function () { opened = null; });
    return opened;
  }

  // One transaction; what `work` leaves in the box is returned when it is on the disk.
  function within(mode, work) {
    return open().then(function (base) {
      return new Promise(function (done, failed) {
        var box = { value: null };
        var deal = base.transaction(TABLES, mode, { durability: "strict" });
        deal.oncomplete = function () { done(box.value); };
        deal.onabort = function () { failed(deal.error || new Error(box.because || "not kept")); };
        work(function (table) { return deal.objectStore(table); }, box, deal);
      });
    });
  }

  function into(box) {
    return function (event) { box.value = event.target.result; };
  }

  function span(state, after) {
    return window.IDBKeyRange.bound([state, after || 0], [state, []], true);
  }

  // Calls `visit` with each entry of a state until it answers true.
  function each(table, state, way, visit) {
    table.index("state").openCursor(span(state), way).onsuccess = function (event) {
      var cursor = event.target.result;
      if (cursor && !visit(cursor.value, cursor)) { cursor.continue(); }
    };
  }

  // --- entries ----------------------------------------------------------------------------

  // The entry, the end of its draft and the number it takes: all of them or none.
  function save(entry, draft, takesNumber) {
    return within("readwrite", function (table, box, deal) {
      function put() {
        box.value = entry;
        table("entries").add(entry).onsuccess = function (event) {
          entry.seq = event.target.result;
        };
        if (draft) { table("drafts").delete(draft); }
      }
      if (!takesNumber) { put(); return; }
      table("numbers").index("free").openCursor().onsuccess = function (event) {
        var cursor = event.target.result;
        if (!cursor) { box.because = "no number left"; deal.abort(); return; }
        entry.number = cursor.value.number;
        entry.fields = entry.fields.filter(function (pair) { return pair[0] !== "number"; })
          .concat([["number", entry.number]]);
        cursor.update({ order: cursor.value.order, number: entry.number });
        put();
      };
    });
  }

  // The first entry of a state after `after` that is due.
  function next(state, after, due) {
    return within("readonly", function (table, box) {
      table("entries").index("state").openCursor(span(state, after)).onsuccess = function (event) {
        var cursor = event.target.result;
        if (!cursor) { return; }
        if ((cursor.value.next || 0) > due) { cursor.continue(); } else { box.value = cursor.value; }
      };
    });
  }

  // Changes an entry as it is now, not as it was read: another tab may have been faster.
  function change(seq, step) {
    return within("readwrite", function (table, box) {
      table("entries").get(seq).onsuccess = function (event) {
        var entry = event.target.result;
        if (!entry || step(entry) === false) { return; }
        box.value = entry;
        table("entries").put(entry);
      };
    });
  }

  function byId(id) {
    return within("readonly", function (table, box) {
      table("entries").index("id").get(id).onsuccess = into(box);
    });
  }

  function list(state, most, way) {
    return within("readonly", function (table, box) {
      box.value = [];
      each(table("entries"), state, way || "next", function (entry) {
        box.value.push(entry);
        return box.value.length >= most;
      });
    });
  }

  function counts() {
    return within("readonly", function (table, box) {
      box.value = {};
      ["waiting", "parked", "told", "sent", "voided"].forEach(function (state) {
        table("entries").index("state").count(span(state)).onsuccess = function (event) {
          box.value[state] = event.target.result;
        };
      });
    });
  }

  // What was sent, sent again: the log that answers now is not the one that said it had them.
  function reoffer() {
    return within("readwrite", function (table, box) {
      box.value = 0;
      table("notes").delete("ack");
      ["sent", "told"].forEach(function (state) {
        each(table("entries"), state, "next", function (entry, cursor) {
          box.value += 1;
          cursor.update(Object.assign(entry, { state: "waiting", next: 0 }));
        });
      });
    });
  }

  // Sent and voided entries go after their time here; `before` is by the server's clock.
  function erase(before) {
    return within("readwrite", function (table) {
      ["sent", "voided"].forEach(function (state) {
        each(table("entries"), state, "next", function (entry, cursor) {
          if ((entry.recorded || entry.ended || 0) < before) { cursor.delete(); }
        });
      });
    });
  }

  function handOver() {
    return within("readwrite", function (table) {
      table("drafts").clear();
      ["sent", "voided"].forEach(function (state) {
        each(table("entries"), state, "next", function (entry, cursor) { cursor.delete(); });
      });
    });
  }

  // --- drafts, numbers, notes -------------------------------------------------------------

  function keepDraft(draft) {
    return within("readwrite", function (table) { table("drafts").put(draft); });
  }

  function draft(key) {
    return within("readonly", function (table, box) {
      table("drafts").get(key).onsuccess = into(box);
    });
  }

  function dropDraft(key) {
    return within("readwrite", function (table) { table("drafts").delete(key); });
  }

  function drafts() {
    return within("readonly", function (table, box) {
      table("drafts").getAll(null, 100).onsuccess = into(box);
    });
  }

  function addNumbers(numbers) {
    return within("readwrite", function (table) {
      numbers.forEach(function (number) {
        table("numbers").add({ number: number, free: 1 }).onerror = function (event) {
          event.preventDefault(); // held already
          event.stopPropagation();
        };
      });
    });
  }

  function numbers() {
    return within("readonly", function (table, box) {
      box.value = { left: 0, next: "" };
      table("numbers").index("free").count().onsuccess = function (event) {
        box.value.left = event.target.result;
      };
      table("numbers").index("free").openCursor().onsuccess = function (event) {
        if (event.target.result) { box.value.next = event.target.result.value.number; }
      };
    });
  }

  function note(name, value) {
    return within("readwrite", function (table) { table("notes").put({ name: name, value: value }); });
  }

  function noted(name) {
    return within("readonly", function (table, box) {
      table("notes").get(name).onsuccess = function (event) {
        box.value = event.target.result ? event.target.result.value : null;
      };
    });
  }

  window.wardlight = window.wardlight || {};
  window.wardlight.store = {
    open: open, save: save, next: next, change: change, byId: byId, list: list, counts: counts,
    reoffer: reoffer, erase: erase, handOver: handOver, keepDraft: keepDraft, draft: draft,
    dropDraft: dropDraft, drafts: drafts, addNumbers: addNumbers, numbers: numbers,
    note: note, noted: noted
  };
}());
