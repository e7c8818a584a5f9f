"""Takes a picture of a page of a real site (or a mock one), signed in.

    /usr/bin/python3 Tests/Pages/shoot.py http://127.0.0.1:8081/wall wall.png --login admin --password … [--size 1920x1080] [--dark]
        [--language zh-Hans] [--until "document.querySelector('.call.offered')"]

The certificate of a site that serves HTTPS is not checked. Exit status 1 when the page said anything to the console.
"""

import argparse
import json
import sys
import urllib.parse

import cdp


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("url")
    options.add_argument("picture")
    options.add_argument("--login")
    options.add_argument("--password", default="")
    options.add_argument("--size", default="1440x900")
    options.add_argument("--dark", action="store_true")
    options.add_argument("--language")
    options.add_argument("--until", default="true", help="a JavaScript condition to wait for before the picture")
    options.add_argument("--seconds", type=float, default=30, help="how long to wait for it")
    given = options.parse_args()
    width, height = map(int, given.size.split("x"))
    address = urllib.parse.urlsplit(given.url)
    browser = cdp.Browser("--ignore-certificate-errors")
    try:
        page = browser.page(width, height, **({"prefers_color_scheme": "dark"} if given.dark else {}))
        if given.login:
            page.open(f"{address.scheme}://{address.netloc}/?why=none&to={urllib.parse.quote(address.path)}")
            page.until("document.querySelector('#login')")
            if given.language:
                page.run(f"localStorage.setItem('tandem.language', {json.dumps(given.language)})")
            page.run(f"login.value = {json.dumps(given.login)}; password.value = {json.dumps(given.password)}; document.querySelector('form').requestSubmit()")
            page.until("document.querySelector('tandem-connection')?.dataset.state === 'live'", given.seconds)
            page.until("document.readyState === 'complete' && (document.querySelector('.cards')?.childElementCount || document.querySelector('.mystate .word')?.textContent)", given.seconds)
        else:
            page.open(given.url)
        page.until(given.until, given.seconds)
        page.picture(given.picture)
        for line in page.console:
            print(line, file=sys.stderr)
        return 1 if page.console else 0
    finally:
        browser.close()


if __name__ == "__main__":
    sys.exit(main())
