"""All commands. Importing them loads nothing but the parser, so that ``--help`` is there at once."""

from __future__ import annotations

import typer

from studyteddy.entrypoints.commands import (
    backup,
    doctor,
    documents,
    portability,
    reindex,
    server,
    tutor,
    users,
    worker,
)

EPILOG = """\b
Exit codes:
  0    done
  1    something failed; standard error says what
  2    wrong usage, or wrong settings, which are named
  130  stopped by Ctrl-C

Settings come from the environment and from the file .env; "studyteddy doctor" names what is wrong with them."""

program = typer.Typer(
    name="studyteddy",
    help="Plan, read, ask, make cards, review.",
    epilog=EPILOG,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
program.command()(server.serve)
program.command()(worker.worker)
program.command()(server.migrate)
program.command()(doctor.doctor)
program.command()(backup.backup)
program.command()(backup.restore)
program.command()(portability.export)
program.command()(tutor.ask)
program.command()(reindex.reindex)
program.command()(server.openapi)

imports = typer.Typer(help="Bring in what you have.", no_args_is_help=True)
imports.command("documents")(documents.import_documents)
imports.command("account")(portability.import_account)
program.add_typer(imports, name="import")

accounts = typer.Typer(help="Accounts on this Study Teddy.", no_args_is_help=True)
accounts.command("add")(users.add)
accounts.command("list")(users.list_all)
accounts.command("set-password")(users.set_password)
accounts.command("set-roles")(users.set_roles)
accounts.command("disable")(users.disable)
accounts.command("enable")(users.enable)
program.add_typer(accounts, name="user")
