// One socket for all tabs of a browser: each says what goes out, and all hear what comes in. Its name holds the person
// and the version of what tabs and worker say to each other, so that neither is ever mixed up.
(function () {
  "use strict";
  var OPEN = 1;
  var tabs = new Set();
  var socket = null;
  /** The server's first frame, with which each conversation begins: a tab that comes later is told it by us. */
  var greeting = null;

  function tell(message) {
    tabs.forEach(function (tab) {
      tab.postMessage(message);
    });
  }

  function open(wanted) {
    greeting = null;
    try {
      socket = new WebSocket(wanted.address, wanted.protocols);
    } catch {
      return over(1006);
    }
    var opened = socket;
    opened.onmessage = function (event) {
      greeting = greeting || event.data;
      tell({ heard: event.data });
    };
    opened.onclose = function (event) {
      if (socket === opened) over(event.code);
    };
  }

  function over(code) {
    socket = null;
    tell({ closed: code });
    tabs.clear();
  }

  function join(tab, wanted) {
    tabs.add(tab);
    if (socket === null) open(wanted);
    else if (greeting !== null) tab.postMessage({ heard: greeting });
  }

  function say(frame) {
    if (socket !== null && socket.readyState === OPEN) socket.send(frame);
  }

  function leave(tab) {
    tabs.delete(tab);
    if (tabs.size > 0 || socket === null) return;
    var last = socket;
    socket = null;
    last.close();
  }

  self.onconnect = function (event) {
    var tab = event.ports[0];
    tab.onmessage = function (message) {
      var asked = message.data;
      if (asked.join) join(tab, asked.join);
      else if (asked.leave) leave(tab);
      else if (asked.say) say(asked.say);
      else tab.postMessage({ taken: socket !== null });
    };
  };
})();
