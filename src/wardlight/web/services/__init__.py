"""Screens of what is open: a site's services, their history, neighbours, the dispatcher's board."""
