"""Where to open branches and recruit partners: few sites that cover most."""
