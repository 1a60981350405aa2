"""The webhook server: `/webhook` ahead of everything else, and whether recall is well."""
