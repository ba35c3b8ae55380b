"""The oncall room."""

from django.apps import AppConfig


class OncallConfig(AppConfig):
    """Rosters, escalation ladders, pages and phone providers."""

    name = "oncall"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Start the engines; refuse to start with a telephone provider that does not exist."""
        from accounts import open_work
        from engine import registry
        from oncall import backlogs, open_items, providers
        from oncall.open_work import ShiftWork
        from oncall.services import (
            calls,
            handovers,
            roster_watch,
            rungs,
            simulated_line,
            swap_endings,
            trials,
        )

        provider = providers.chosen()
        providers.budget()
        registry.register(rungs.ENGINE, rungs.climb_due, backlog=backlogs.pages)
        registry.register(calls.ENGINE, calls.call_due, backlog=backlogs.calls)
        registry.register(trials.ENGINE, trials.canary_due, backlog=trials.trials_waiting)
        registry.register(
            roster_watch.ENGINE, roster_watch.watch_due, backlog=roster_watch.looks_waiting
        )
        if provider.name == "simulator":
            registry.register(
                simulated_line.ENGINE, simulated_line.give_up_due, backlog=backlogs.simulated
            )
        registry.register(
            swap_endings.ENGINE, swap_endings.swaps_due, backlog=swap_endings.looks_waiting
        )
        registry.register(handovers.ENGINE, handovers.handovers_due, backlog=handovers.waiting)
        open_work.register(ShiftWork())
        open_items.register("pages", open_items.open_pages)
        open_items.register("roster", open_items.roster_faults)
