"""Who may do what with plans, checklists, drills and risks. Superuser counts for nothing."""
