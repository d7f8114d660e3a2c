"""Where an ambulance can go."""
