"""The notifications room."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """The outbox and its channels."""

    name = "notifications"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Start the engines that send what is queued."""
        from engine import registry
        from notifications import delivery, groups

        registry.register(delivery.ENGINE, delivery.deliver_due, backlog=delivery.undelivered)
        registry.register(groups.ENGINE, groups.post_due, backlog=groups.unposted)
