"""The page that shows one act."""

PAGE = "incidents/action.html"
