"""A simulated hospital network from one seed, which knows the truth the views are held against."""
