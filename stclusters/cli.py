"""The entry point `stclusters`: finds the command, runs it, turns errors into sentences and exit codes.

0 done · 1 ran and failed · 2 wrong arguments, settings or input, nothing was written · 130 interrupted.
"""

from __future__ import annotations

import importlib
import os
import sys

import click

from foundation.errors import StclustersError, disk_error

COMMANDS = {
    "run": "Raw files to a ranking, a map and files to download.",
    "simulate": "Write the raw files of a simulated world.",
    "formats": "Say what raw files are, and which reader takes them.",
    "read": "Raw files to canonical tables in a folder.",
    "geocode": "Place the addresses of a CSV file, or explain one answer.",
    "cluster": "Cluster the points of any CSV or Parquet file.",
    "explain": "How a figure arises, a record's way, why a place is in a cluster.",
    "settings": "Print resolved settings, or write a first settings file for your own data.",
    "status": "What a home holds, and what is missing.",
    "site": "Write the pages of an edition again, or to another folder.",
    "open": "Open the pages of an edition.",
    "ui": "Start the Dagster UI on this machine.",
    "sweep": "Clear what crashed runs left behind.",
}


class _Lazy(click.Group):
    """Loads a command's module only when the command is called, so that --help is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"stclusters.commands.{cmd_name}")
        command = module.command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.version_option(package_name="stclusters")
def cli(debug: bool) -> None:
    """Find and rank the world's science and technology clusters, from raw patent and article files.

    \b
    stclusters run --home demo --edition demo                        a simulated world
    stclusters run --edition mine --pct DIR --sci DIR                your own extracts
    stclusters settings --new mine --pct DIR --sci DIR               a first settings file for them
    """
    del debug


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with its code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    debug = "--debug" in arguments
    try:
        code = cli.main(args=arguments, prog_name="stclusters", standalone_mode=False)
    except click.exceptions.Exit as done:
        code = done.exit_code
    except click.ClickException as fault:
        fault.show()
        code = 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted; run the same command again to continue.", err=True)
        sys.stdout.flush()
        sys.stderr.flush()
        # every write was whole or is undone by now; freeing a gazetteer of gigabytes would keep a person waiting
        os._exit(130)
    except StclustersError as fault:
        if debug:
            raise
        click.echo(f"Error: {fault}", err=True)
        code = fault.exit_code
    except OSError as fault:
        if debug:
            raise
        sentence = disk_error(fault, "working")
        click.echo(f"Error: {sentence}", err=True)
        code = sentence.exit_code
    sys.exit(code if isinstance(code, int) else 0)
