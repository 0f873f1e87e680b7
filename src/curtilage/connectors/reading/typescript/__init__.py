"""TypeScript and JavaScript trees: values, objects, inputs. Nothing is run."""
