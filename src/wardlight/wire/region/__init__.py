"""What a site provides about its region: hospitals, places, known drives, an outline."""
