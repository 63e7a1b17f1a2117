; The scope of a template holds its parameters; what it declares is a name of the scope around it.
(template_declaration
  (class_specifier
    name: (type_identifier) @name
    body: (_))) @declaration.class

(template_declaration
  (struct_specifier
    name: (type_identifier) @name
    body: (_))) @declaration.struct

(template_declaration
  [
    (alias_declaration
      name: (type_identifier) @name)
    (concept_definition
      name: (identifier) @name)
  ]) @declaration.type

(field_declaration_list
  (template_declaration
    (_
      declarator: [
        (_
          declarator: [
              (identifier)
              (field_identifier)
            ] @name)
        (_
          declarator: (_
            declarator: [
                (identifier)
                (field_identifier)
              ] @name))
        (_
          (_
            declarator: [
                (identifier)
                (field_identifier)
              ] @name))
      ])) @declaration.method)

(template_declaration
  (function_definition
    declarator: [
      (_
        declarator: (_
            name: [
              (identifier) @name
              (operator_name) @name
              (destructor_name) @name
              (_
                name: (identifier) @name)
            ]))
      (_
        declarator: (_
          declarator: (_
              name: [
                (identifier) @name
                (operator_name) @name
                (destructor_name) @name
                (_
                  name: (identifier) @name)
              ])))
      (_
        (_
          declarator: (_
              name: [
                (identifier) @name
                (operator_name) @name
                (destructor_name) @name
                (_
                  name: (identifier) @name)
              ])))
    ])) @declaration.method

(template_declaration
  (declaration
    declarator: (init_declarator
      declarator: (identifier) @name))) @declaration.variable

(template_declaration
  (_
    declarator: [
      (_
        declarator: (identifier) @name)
      (_
        declarator: (_
          declarator: (identifier) @name))
      (_
        (_
          declarator: (identifier) @name))
    ])) @declaration.function

; A function of a class has a field's name in the class and a qualified one outside; a constructor has a plain one.
(field_declaration_list
  (_
    declarator: (function_declarator
      declarator: (identifier) @name)) @declaration.constructor)

(field_declaration_list
  (_
    declarator: [
      (_
        declarator: [
            (operator_name)
            (destructor_name)
          ] @name)
      (_
        declarator: (_
          declarator: [
              (operator_name)
              (destructor_name)
            ] @name))
      (_
        (_
          declarator: [
              (operator_name)
              (destructor_name)
            ] @name))
    ]) @declaration.method)

(function_definition
  declarator: [
    (_
      declarator: (field_identifier) @name)
    (_
      declarator: (_
        declarator: (field_identifier) @name))
    (_
      (_
        declarator: (field_identifier) @name))
  ]) @declaration.method

(field_declaration
  declarator: [
    (function_declarator
      declarator: (field_identifier) @name)
    (_
      declarator: (function_declarator
        declarator: (field_identifier) @name))
    (_
      (function_declarator
        declarator: (field_identifier) @name))
  ]) @declaration.method

(function_definition
  declarator: [
    (_
      declarator: (_
          name: [
            (identifier) @name
            (operator_name) @name
            (destructor_name) @name
            (_
              name: (identifier) @name)
          ]))
    (_
      declarator: (_
        declarator: (_
            name: [
              (identifier) @name
              (operator_name) @name
              (destructor_name) @name
              (_
                name: (identifier) @name)
            ])))
    (_
      (_
        declarator: (_
            name: [
              (identifier) @name
              (operator_name) @name
              (destructor_name) @name
              (_
                name: (identifier) @name)
            ])))
  ]) @declaration.method

; A function that returns a reference, and an operator outside any class.
(function_definition
  declarator: [
    (reference_declarator
      (_
        declarator: (identifier) @name))
    (_
      declarator: (operator_name) @name)
    (_
      (_
        declarator: (operator_name) @name))
  ]) @declaration.function

(declaration
  declarator: (reference_declarator
    (function_declarator
      declarator: (identifier) @name))) @declaration.function

(catch_clause
  parameters: (_
    (_
      declarator: [
        (identifier) @name
        (_
          (identifier) @name)
      ]) @declaration.variable))

(class_specifier
  name: [
    (type_identifier) @name
    (template_type
      name: (type_identifier) @name)
  ]
  body: (_)) @declaration.class

(struct_specifier
  name: (template_type
    name: (type_identifier) @name)
  body: (_)) @declaration.struct

(namespace_definition
  name: (_) @name) @declaration.namespace

(namespace_alias_definition
  name: (namespace_identifier) @name) @declaration.namespace

(concept_definition
  name: (identifier) @name) @declaration.type

(alias_declaration
  name: (type_identifier) @name) @declaration.type

(type_parameter_declaration
  (type_identifier) @name) @declaration.type-parameter

(optional_type_parameter_declaration
  name: (type_identifier) @name) @declaration.type-parameter

(variadic_type_parameter_declaration
  (type_identifier) @name) @declaration.type-parameter

(template_parameter_list
  (_
    declarator: [
      (identifier) @name
      (variadic_declarator
        (identifier) @name)
    ]) @declaration.type-parameter)

; Fields and parameters held by reference, with a default, or in a pack.
(field_declaration
  declarator: (reference_declarator
    (field_identifier) @name)) @declaration.field

(parameter_declaration
  declarator: (reference_declarator
    (identifier) @name)) @declaration.parameter

(optional_parameter_declaration
  declarator: [
    (identifier) @name
    (_
      (identifier) @name)
  ]) @declaration.parameter

(variadic_parameter_declaration
  declarator: (_
    [
      (identifier) @name
      (_
        (identifier) @name)
    ])) @declaration.parameter

(lambda_capture_initializer
  left: (identifier) @name) @declaration.parameter

(declaration
  declarator: (init_declarator
    declarator: (_
      [
        (identifier) @name
        (structured_binding_declarator
          (identifier) @name)
      ]))) @declaration.variable

(for_range_loop
  declarator: [
    (identifier) @name
    (_
      (identifier) @name)
    (_
      (structured_binding_declarator
        (identifier) @name))
  ] @declaration.variable)

(condition_clause
  value: (declaration
    declarator: (identifier) @name) @declaration.variable)

(init_statement
  (declaration
    declarator: (identifier) @name) @declaration.variable)
