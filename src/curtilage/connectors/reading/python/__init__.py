"""Python source of any age: values, fields, forms. Nothing is run."""
