"""Who the patients are, where they lie and lay, and what is said of them."""
