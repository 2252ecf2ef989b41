#!/usr/bin/env python3
"""Records what MCP servers answer to `tools/list`: `tests/mcp/record.py [NAME…]`, all of `servers.json` where no name is given.

Each server is installed at its pinned version into a folder that is thrown away, started over stdio with made-up credentials, asked for its tools,
and stopped. No tool is called. It needs python3, and npm for the servers of that registry. `with` pins what a server leaves open and lists other tools with.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

HERE = Path(__file__).resolve().parent
PATIENCE = 60  # seconds for a server to answer


def install(server, folder):
    """The folder with the server's commands."""
    if server["registry"] == "npm":
        packages = [f"{server['package']}@{server['version']}", *server.get("with", [])]
        command = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(folder), *packages]
        subprocess.run(command, check=True)
        return folder / "node_modules" / ".bin"
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    packages = [f"{server['package']}=={server['version']}", *server.get("with", [])]
    subprocess.run([str(folder / "bin" / "pip"), "install", "--quiet", *packages], check=True)
    return folder / "bin"


def ask(command, env, folder):
    """The tools that a server lists, all pages of them."""
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ, **env}, cwd=folder, text=True
    )
    timer = threading.Timer(PATIENCE, process.kill)
    timer.start()

    def send(message):
        process.stdin.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
        process.stdin.flush()

    def answer(number):
        for line in process.stdout:
            try:
                message = json.loads(line)
            except ValueError:
                continue  # what some servers print before they speak
            if message.get("id") == number:
                return message["result"]
        raise RuntimeError(f"{command[0]} ended, or did not answer within {PATIENCE} s")

    try:
        client = {"name": "agentc-record", "version": "1"}
        send({"id": 0, "method": "initialize", "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": client}})
        answer(0)
        send({"method": "notifications/initialized"})
        tools, cursor, number = [], None, 1
        while True:
            send({"id": number, "method": "tools/list", "params": {"cursor": cursor} if cursor else {}})
            page = answer(number)
            tools += page["tools"]
            cursor, number = page.get("nextCursor"), number + 1
            if not cursor:
                return tools
    finally:
        timer.cancel()
        process.kill()


def main(names):
    servers = json.loads((HERE / "servers.json").read_text())
    unknown = set(names) - {server["name"] for server in servers}
    if unknown:
        sys.exit(f"servers.json has no server {', '.join(sorted(unknown))}")
    for server in servers:
        if names and server["name"] not in names:
            continue
        with tempfile.TemporaryDirectory() as folder:
            folder = Path(folder)
            first, *rest = [word.replace("{folder}", str(folder)) for word in server["command"]]
            tools = ask([str(install(server, folder) / first), *rest], server.get("env", {}), folder)
        path = HERE / "recordings" / f"{server['name']}.json"
        path.write_text(json.dumps({"tools": tools}, indent=1, ensure_ascii=False) + "\n")
        print(f"{server['name']}: {len(tools)} tools of {server['package']} {server['version']}")


if __name__ == "__main__":
    main(sys.argv[1:])
