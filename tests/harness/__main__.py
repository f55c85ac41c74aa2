"""python -m harness up|down|status|script: what `./run` does once everything is installed and built."""
import argparse
import json
import os
import pathlib
import runpy
import subprocess
import sys

from . import settings, topics
from .paths import SERVICES, command_program, worker_program
from .process import Failed
from .servers import External, Servers
from .worker import SCRIPT_VARIABLES, Clock, Worker, program_environment


class Instance:
    """Servers, workers and clock that `up` started and left behind in a folder."""

    def __init__(self, folder: pathlib.Path, as_left: bool):
        self.folder = folder.absolute()
        self.servers = Servers(folder, detached=True, as_left=as_left)
        self._state_file = self.folder / "workers.json"
        self._state = json.loads(self._state_file.read_text()) if self._state_file.exists() else {}

    def programs(self, environment: dict[str, str], worker_environment: dict[str, str]) -> list:
        """The workers and the clock: those that are built, and those that run."""
        programs = [Worker(service, self.folder, worker_environment, detached=True, state=self._state.get(service))
                    for service in SERVICES if service in self._state or worker_program(service).exists()]
        if "clock" in self._state or command_program().exists():
            programs.append(Clock(self.folder, environment, detached=True, state=self._state.get("clock")))
        return programs

    def save(self, programs: list) -> None:
        self._state_file.write_text(json.dumps({program.name: program.state() for program in programs}, indent=1))


def up(instance: Instance) -> int:
    servers = instance.servers.start()
    for server in servers.all():
        say(f"{server.name} {describe(server)}")
    environment = servers.environment()
    created = topics.create(servers.kafka.address)
    say(f"topics: {len(topics.retention_days())}, {len(created)} of them new, with {topics.partitions()} partitions")
    begun = []
    programs = instance.programs(environment, servers.worker_environment())
    try:
        for program in programs:
            if not program.process.alive():
                begun.append(program)
                program.launch()
        for program in begun:
            program.wait_ready()
    except BaseException:
        for program in begun:
            program.stop()
        raise
    finally:
        instance.save([program for program in programs if program.process.alive()])
    for program in programs:
        say(f"{program.process.name} is up, pid {program.process.pid}")
    if not programs:
        say("no worker is built yet")
    say(f"to use it from a shell: . {settings.write_environment(instance.folder, environment)}")
    return 0


def down(instance: Instance, wipe: bool) -> int:
    """Workers first, so that they hand over what they hold while the servers still answer."""
    running = [one for one in instance.servers.all() + instance.programs({}, {})
               if one.process and one.process.alive()]
    for one in reversed(running):
        say(f"{one.process.name} ended" + ("" if one.stop() else ", but had to be killed"))
    if not running:
        say("nothing was running")
    if wipe:
        read = settings.read_from(instance.folder)
        instance.servers.wipe()
        say(f"{instance.folder} removed" + (f"; this shell still names it: unset {' '.join(read)}" if read else ""))
    elif instance.folder.exists():
        instance.servers.save()
        instance.save([])
    return 0


def status(instance: Instance) -> int:
    """0 when everything runs, 3 otherwise, as init scripts say it."""
    complete = True
    for server in instance.servers.all():
        alive = isinstance(server, External) or (server.process.alive() and server.usable())
        complete &= alive
        say(f"{server.name:<12} {describe(server) if alive else 'down'}")
    for program in instance.programs({}, {}):
        alive = program.process.alive()
        complete &= alive
        ready = "" if not isinstance(program, Worker) or not alive or program.ready() else ", not ready"
        port = f", http://127.0.0.1:{program.port}" if alive and isinstance(program, Worker) else ""
        say(f"{program.name:<12} {f'up, pid {program.process.pid}{port}{ready}' if alive else 'down'}")
    if complete and command_program().exists():
        environment = program_environment(instance.servers.environment())
        complete &= subprocess.run([command_program(), "status"], env=environment).returncode == 0
    return 0 if complete else 3


def script(folder: pathlib.Path, path: str, arguments: list[str]) -> int:
    """Runs a script in this process, with fresh servers of its own that end with it."""
    servers = Servers(folder, fresh=True)
    say("starting Kafka, PostgreSQL and Redis for it")
    with servers:
        topics.create(servers.kafka.address)
        environment = servers.environment()
        settings.write_environment(servers.folder, environment)
        os.environ.update(environment)
        for name in SCRIPT_VARIABLES:
            os.environ.pop(name, None)
        sys.argv = [path, *arguments]
        sys.path.insert(0, str(pathlib.Path(path).absolute().parent))
        try:
            runpy.run_path(path, run_name="__main__")
        except SystemExit as end:
            if isinstance(end.code, str):
                print(end.code, file=sys.stderr)
                return 1
            return end.code or 0
        except KeyboardInterrupt:
            # Said before the servers end, which takes seconds; on a terminal there is a half line already.
            print("\n" * sys.stderr.isatty() + "run: interrupted, ending what was started", file=sys.stderr)
            return 130
    return 0


def describe(server) -> str:
    if isinstance(server, External):
        return "is an existing one"
    return f"is up on 127.0.0.1:{server.port}, pid {server.process.pid}"


def say(sentence: str) -> None:
    print(sentence, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="harness", epilog="script: -- PATH ARGUMENT...")
    parser.add_argument("verb", choices=("up", "down", "status", "script"))
    parser.add_argument("--folder", type=pathlib.Path, required=True)
    parser.add_argument("--wipe", action="store_true")
    end = sys.argv.index("--") if "--" in sys.argv else len(sys.argv)
    options, script_words = parser.parse_args(sys.argv[1:end]), sys.argv[end + 1:]
    try:
        if options.verb == "script":
            return script(options.folder, script_words[0], script_words[1:])
        instance = Instance(options.folder, as_left=options.verb != "up")
        if options.verb == "up":
            return up(instance)
        return down(instance, options.wipe) if options.verb == "down" else status(instance)
    except Failed as failure:
        print(f"run: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("run: interrupted", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
