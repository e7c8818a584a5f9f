"""Drives headless Chromium by its DevTools protocol with nothing but the standard library."""

import base64
import collections
import json
import os
import pathlib
import shutil
import socket
import struct
import subprocess
import tempfile
import threading
import time
import urllib.parse

START_S = 30
WAIT_S = 10
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")


def program():
    """The browser's path, or None."""
    return next((found for found in map(shutil.which, PROGRAMS) if found), None)


class WebSocket:
    """A client of RFC 6455, as much as DevTools needs: text frames, fragments, ping, close."""

    def __init__(self, url):
        parts = urllib.parse.urlsplit(url)
        self.socket = socket.create_connection((parts.hostname, parts.port))
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall((f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                             f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n").encode())
        self.input = self.socket.makefile("rb")
        if b"101" not in self.input.readline():
            raise ConnectionError("the browser refused the WebSocket")
        while self.input.readline() not in (b"\r\n", b""):
            pass

    def send(self, text, opcode=1):
        payload = text.encode()
        mask = os.urandom(4)
        size = len(payload)
        head = struct.pack("!B", 0x80 | opcode)
        head += struct.pack("!B", 0x80 | size) if size < 126 else struct.pack("!BH", 0xFE, size) if size < 65536 else struct.pack("!BQ", 0xFF, size)
        repeated = (mask * (size // 4 + 1))[:size]
        masked = (int.from_bytes(payload, "big") ^ int.from_bytes(repeated, "big")).to_bytes(size, "big") if size else b""
        self.socket.sendall(head + mask + masked)

    def receive(self):
        """The next whole message, or None at the end."""
        message = b""
        while True:
            head = self.input.read(2)
            if len(head) < 2:
                return None
            size = head[1] & 0x7F
            if size >= 126:
                size = struct.unpack("!H" if size == 126 else "!Q", self.input.read(2 if size == 126 else 8))[0]
            payload = self.input.read(size)
            opcode = head[0] & 0x0F
            if opcode == 8:
                return None
            if opcode == 9:
                self.send(payload.decode("latin-1"), opcode=10)
                continue
            if opcode == 10:
                continue
            message += payload
            if head[0] & 0x80:
                return message.decode()

    def close(self):
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.socket.close()


class Browser:
    """One Chromium with a profile of its own, gone when closed."""

    def __init__(self, *arguments):
        self.folder = tempfile.mkdtemp(prefix="tandem-pages-")
        self.process = subprocess.Popen(
            [program(), "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars", "--lang=en-GB",
             "--remote-debugging-port=0", f"--user-data-dir={self.folder}", *arguments, "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.answers = {}
        self.arrived = threading.Condition()
        self.pages = {}
        self.count = 0
        self.is_open = True
        port, path = self._address()
        self.web = WebSocket(f"ws://127.0.0.1:{port}{path}")
        threading.Thread(target=self._listen, daemon=True).start()

    def _address(self):
        file = pathlib.Path(self.folder, "DevToolsActivePort")
        end = time.monotonic() + START_S
        while time.monotonic() < end:
            lines = file.read_text().split("\n") if file.exists() else []
            if len(lines) >= 2 and lines[1]:
                return int(lines[0]), lines[1]
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        raise RuntimeError("Chromium did not start")

    def _listen(self):
        while (text := self.web.receive()) is not None:
            message = json.loads(text)
            with self.arrived:
                if "id" in message:
                    self.answers[message["id"]] = message
                elif (page := self.pages.get(message.get("sessionId"))) is not None:
                    page.take(message["method"], message["params"])
                self.arrived.notify_all()
        with self.arrived:
            self.is_open = False
            self.arrived.notify_all()

    def call(self, method, session=None, **params):
        """One command; waits for its answer."""
        with self.arrived:
            self.count += 1
            number = self.count
            self.web.send(json.dumps({"id": number, "method": method, "params": params, **({"sessionId": session} if session else {})}))
            if not self.arrived.wait_for(lambda: number in self.answers or not self.is_open, START_S) or not self.is_open:
                raise TimeoutError(f"no answer to {method}")
            answer = self.answers.pop(number)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']['message']}")
        return answer["result"]

    def page(self, width=1440, height=900, **media):
        """A new tab in a storage of its own. `media`: features such as prefers_color_scheme="dark"."""
        context = self.call("Target.createBrowserContext")["browserContextId"]
        target = self.call("Target.createTarget", url="about:blank", browserContextId=context)["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = Page(self, session, context)
        self.pages[session] = page
        for domain in ("Page", "Runtime", "Log", "Network", "Accessibility"):
            page.call(f"{domain}.enable")
        page.size(width, height)
        if media:
            page.call("Emulation.setEmulatedMedia", features=[{"name": name.replace("_", "-"), "value": value} for name, value in media.items()])
        return page

    def close(self):
        self.web.close()
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


KEYS = {"Enter": ("Enter", 13, "\r"), "Escape": ("Escape", 27, ""), "Tab": ("Tab", 9, ""), "ArrowDown": ("ArrowDown", 40, ""), "ArrowRight": ("ArrowRight", 39, ""), "ArrowUp": ("ArrowUp", 38, ""), "ArrowLeft": ("ArrowLeft", 37, ""),
        "Home": ("Home", 36, ""), "End": ("End", 35, ""), "Backspace": ("Backspace", 8, ""), " ": ("Space", 32, " "),
        "/": ("Slash", 191, "/"), "?": ("Slash", 191, "?")}


class Page:
    """One tab: navigation, evaluation, keys, pictures; collects what the console says."""

    def __init__(self, browser, session, context):
        self.browser, self.session, self.context = browser, session, context
        self.console = collections.deque(maxlen=500)

    def take(self, method, params):
        if method == "Runtime.consoleAPICalled" and params["type"] in ("error", "warning", "assert"):
            self.console.append(" ".join(str(one.get("value", one.get("description", ""))) for one in params["args"]))
        elif method == "Runtime.exceptionThrown":
            detail = params["exceptionDetails"]
            self.console.append(detail.get("exception", {}).get("description", detail["text"]))
        elif method == "Log.entryAdded" and params["entry"]["level"] in ("error", "warning"):
            self.console.append(f"{params['entry']['source']}: {params['entry']['text']} {params['entry'].get('url', '')}")

    def call(self, method, **params):
        return self.browser.call(method, self.session, **params)

    def size(self, width, height, scale=1):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=False)

    def open(self, url):
        self.call("Page.navigate", url=url)
        self.until(f"document.readyState === 'complete' && location.href.startsWith({json.dumps(url)})")

    def run(self, script):
        """The value of an expression; promises are awaited."""
        answer = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            detail = answer["exceptionDetails"]
            raise AssertionError(detail.get("exception", {}).get("description", detail["text"]) + f"\nin {script}")
        return answer["result"].get("value")

    def until(self, condition, seconds=WAIT_S):
        """Waits until an expression is true and returns its value (an element comes as {}); survives navigation."""
        end = time.monotonic() + seconds
        while True:
            try:
                if (value := self.run(condition)) or value == {}:
                    return value
            except (AssertionError, RuntimeError):
                pass
            if time.monotonic() > end:
                raise AssertionError(f"never became true: {condition}\nconsole: {list(self.console)}\npage: {self.text()[:500]}")
            time.sleep(0.02)

    def text(self):
        try:
            return self.run("document.body?.innerText ?? ''")
        except (AssertionError, RuntimeError):
            return ""

    def shows(self, words, seconds=WAIT_S):
        return self.until(f"document.body.innerText.includes({json.dumps(words)})", seconds)

    def click(self, selector):
        self.until(f"document.querySelector({json.dumps(selector)})?.checkVisibility()")
        self.run(f"document.querySelector({json.dumps(selector)}).click()")

    def type(self, text):
        self.call("Input.insertText", text=text)

    def key(self, name, shift=False, ctrl=False):
        code, number, text = KEYS.get(name, (f"Key{name.upper()}", ord(name.upper()[0]), name))
        if ctrl:
            text = ""
        common = {"key": name, "code": code, "windowsVirtualKeyCode": number, "modifiers": (8 if shift else 0) | (2 if ctrl else 0)}
        self.call("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", text=text, **common)
        self.call("Input.dispatchKeyEvent", type="keyUp", **common)

    def tab_to(self, condition, limit=60):
        """Presses Tab until the focused element fulfils a condition on `el`."""
        for _ in range(limit):
            if self.run(f"((el) => Boolean(el && ({condition})))(document.activeElement)"):
                return
            self.key("Tab")
        raise AssertionError(f"Tab never reached {condition}; at {self.run('document.activeElement.outerHTML.slice(0, 200)')}")

    def picture(self, path):
        pathlib.Path(path).write_bytes(base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"]))

    def names(self):
        """Role and accessible name of each node that assistive technology sees."""
        value = lambda node, part: node.get(part, {}).get("value", "")
        return [(value(node, "role"), value(node, "name"), node.get("backendDOMNodeId")) for node in self.call("Accessibility.getFullAXTree")["nodes"] if not node.get("ignored")]

    def close(self):
        self.browser.call("Target.disposeBrowserContext", browserContextId=self.context)
        self.browser.pages.pop(self.session, None)
