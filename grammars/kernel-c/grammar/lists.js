const commaSep1 = (rule) => seq(rule, repeat(seq(',', rule)));
const commaSep = (rule) => optional(commaSep1(rule));

// A call whose name the scanner has classified: it looks to the outside like any call_expression.
const macroCall = ($, token) => seq(field('function', alias(token, $.identifier)), field('arguments', $.argument_list));

// A macro right behind another one.
const juxtaposed = ($) => choice(alias($._juxtaposed_macro, $.identifier), alias($._juxtaposed_call, $.call_expression));

module.exports = { commaSep, commaSep1, juxtaposed, macroCall };
