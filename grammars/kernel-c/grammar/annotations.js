// Annotations: __init, __user, __printf(1, 2), and attributes. The known ones are one keyword token each for the two lists; the others
// are recognised by where they stand (src/scanner.c).
const { plain, withArguments } = require('../vocabulary');
const { commaSep } = require('./lists');

exports.rules = {
  annotation: ($) => choice($._plain_annotation, prec(1, $._known_annotation_call)),
  // prec(1): a keyword wins over an identifier. No word of the lists may be a literal in another rule, or keyword extraction fails.
  _plain_annotation: () => token(prec(1, choice(...plain))),
  _annotation_name: () => token(prec(1, choice(...withArguments))),
  _known_annotation_call: ($) => seq(field('name', alias($._annotation_name, $.identifier)), field('arguments', $.argument_list)),

  // behind a declarator; prec(-1): all of them belong to the same node
  _post_annotations: ($) => prec.right(-1, repeat1($._post_annotation)),
  _post_annotation: ($) =>
    choice(
      $.attribute_specifier,
      $.attribute_declaration,
      $.gnu_asm_expression,
      alias($._plain_annotation, $.annotation),
      alias($._annotation_after_declarator_or_call, $.annotation),
    ),
  _annotation_after_declarator_or_call: ($) =>
    choice(
      $._known_annotation_call,
      field('name', alias($._annotation_after_declarator, $.identifier)),
      seq(field('name', alias($._annotation_call_after_declarator, $.identifier)), field('arguments', $.argument_list)),
    ),

  attribute_specifier: ($) => seq(choice('__attribute__', '__attribute'), '(', $._attribute_list, ')'),
  _attribute_list: ($) => seq('(', commaSep(choice($.expression, 'const', $.type_descriptor)), ')'),

  type_qualifier: ($) =>
    choice(
      'const',
      'constexpr',
      'volatile',
      '__volatile__',
      '__volatile',
      'restrict',
      '__extension__',
      '_Atomic',
      '_Noreturn',
      $.alignas_qualifier,
      $.annotation,
    ),
  alignas_qualifier: ($) => seq(choice('alignas', '_Alignas'), '(', choice($.expression, $._argument_type_descriptor), ')'),
  storage_class_specifier: () =>
    choice('extern', 'static', 'register', 'inline', '__inline', '__inline__', 'thread_local', '__thread', '_Thread_local'),
  _declaration_modifiers: ($) =>
    choice($.storage_class_specifier, $.type_qualifier, $.attribute_specifier, $.attribute_declaration),

  // around the type of a declaration
  _modifiers_before_type: ($) => repeat1(choice($._declaration_modifiers, alias($._unknown_before_type, $.annotation))),
  // `static` begins a declaration: after a type it is that of the next one, and this one is not finished.
  _modifiers_after_type: ($) =>
    repeat1(
      choice(
        alias($._inline_after_type, $.storage_class_specifier),
        $.type_qualifier,
        $.attribute_specifier,
        $.attribute_declaration,
        alias($._unknown_after_type, $.annotation),
      ),
    ),
  _inline_after_type: () => choice('inline', '__inline', '__inline__'),
  _unknown_before_type: ($) => field('name', alias($._annotation_before_type, $.identifier)),
  _unknown_after_type: ($) => field('name', alias($._annotation_after_type, $.identifier)),
};
