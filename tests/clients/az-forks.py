"""Runs commands of `az`, each in a process of its own that has imported already what the ones before it needed.

Most of the time of an `az` command goes into imports. This process reads commands from its input, one list of arguments
in JSON a line; for each it forks, and the fork runs what the `az` program runs, as it is. What a fork has imported this
process then imports too, for the next ones.
"""

import atexit
import gc
import importlib
import json
import os
import runpy
import sys
import tempfile


def run(args, known):
    """The exit code, the output and the errors of one command, and the modules that it imported."""
    gc.freeze()
    out, err, modules = (tempfile.TemporaryFile() for _ in range(3))
    child = os.fork()
    if child == 0:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(out.fileno(), 1)
        os.dup2(err.fileno(), 2)
        sys.argv = ['az', *args]
        code = 0
        try:
            runpy.run_module('azure.cli', run_name='__main__', alter_sys=True)
        except SystemExit as exit:
            code = exit.code if isinstance(exit.code, int) else int(exit.code is not None)
        modules.write(json.dumps([name for name in sys.modules if name not in known]).encode())
        atexit._run_exitfuncs()
        for stream in (sys.stdout, sys.stderr, modules):
            stream.flush()
        # Without the clean-up of all that was imported, which takes longer than the command.
        os._exit(code)
    _, status = os.waitpid(child, 0)
    texts = []
    for file in (out, err, modules):
        file.seek(0)
        texts.append(file.read().decode())
    return os.waitstatus_to_exitcode(status), *texts


def learn(modules, known):
    for name in modules:
        known.add(name)
        # What is a module by its name alone, such as a program's main module, cannot be imported.
        try:
            if name != '__main__' and not name.endswith('.__main__'):
                importlib.import_module(name)
        except Exception:
            pass


def main():
    known = set(sys.modules)
    answers = os.fdopen(os.dup(1), 'w')
    for line in sys.stdin:
        code, out, err, modules = run(json.loads(line), known)
        print(json.dumps({'code': code, 'stdout': out, 'stderr': err}), file=answers, flush=True)
        learn(json.loads(modules or '[]'), known)


main()
