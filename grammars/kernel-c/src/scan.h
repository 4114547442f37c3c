// What one scan is given and may answer.
#pragma once
#include "text.h"

// In the order of `externals` in grammar.js.
enum Token {
  ITEM_CONTEXT, FIELD_CONTEXT, ENUMERATOR_CONTEXT, QUOTE_CONTEXT,

  DIRECTIVE_AHEAD,
  IF_DIRECTIVE, IFDEF_DIRECTIVE, IFNDEF_DIRECTIVE,
  ELSE_DIRECTIVE, ELIF_DIRECTIVE, ELIFDEF_DIRECTIVE, ELIFNDEF_DIRECTIVE, ENDIF_DIRECTIVE,
  DIRECTIVE_END, DIRECTIVE_END_WITH_REST, DEFINE_BODY, DEFINE_PARENTHESIS,
  PREPROC_LINE, PREPROC_INACTIVE,

  LOOP_MACRO, STATEMENT_MACRO, FUNCTION_MACRO, DECLARING_MACRO, MODIFIED_DECLARING_MACRO, TYPE_MACRO,
  FIELD_MACRO, FIELD_GROUP_MACRO, BARE_MACRO, INITIALIZER_MACRO, LIST_ITEM_MACRO, ARGUMENT_LOOP_MACRO, DECLARATOR_MACRO,
  FUNCTION_POINTER_TYPE,

  ANNOTATION_BEFORE_TYPE, ANNOTATION_AFTER_TYPE, ANNOTATION_AFTER_DECLARATOR, ANNOTATION_CALL_AFTER_DECLARATOR,

  TYPE_STAR, STRING_MACRO, STRING_MACRO_CALL, JUXTAPOSED_MACRO, LIST_BRACE, DEFINITION_AHEAD,

  // In no rule: an error, whatever the parser expects (unclosed.h).
  UNCLOSED,
  // Valid only while the parser recovers from an error, when it accepts anything.
  ERROR_RECOVERY,
};

// One scan: what it may produce and where it stands.
typedef struct {
  TSLexer *lexer;
  const bool *valid;
  // column of the token if it is the first on its line, else NO_COLUMN
  int indent;
  // characters of space before the token
  unsigned space;
} Scan;

static bool produce(Scan *scan, enum Token token) {
  scan->lexer->result_symbol = token;
  return scan->valid[token];
}
