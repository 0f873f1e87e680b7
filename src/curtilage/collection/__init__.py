"""Should this be asked, and if so written down?"""
