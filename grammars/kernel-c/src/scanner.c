// External scanner of the kernel-C grammar. It settles by looking ahead what the grammar alone can't know:
//
//   - directives: which #if groups become nodes with alternatives and which are only lines in between (scan_directive);
//   - macros: whether `name(…)` starts a loop, a function, a declaration, a type, or is a statement without `;` (scan_called_name);
//   - annotations that are in no list, and macros in strings (scan_plain_name);
//   - the text of a #define, which is one token (scan_end_of_directive);
//   - `*` and `{` in macro arguments, where they would be ambiguous (scan_type_star, scan_list_brace);
//   - half-typed code: parentheses that don't close (scan_parenthesis), definitions that have begun too early (begins_definition).
//
// Each answer is a token of its own in place of the identifier, so that the parser never has to try two ways. A token is only offered
// if the grammar can use it where the scan is: `valid` says which, and is also the only context there is. The ..._CONTEXT tokens
// exist for that alone, they are never produced.
#include "directives.h"
#include "macros.h"
#include "names.h"
#include <stdlib.h>

void *tree_sitter_c_external_scanner_create(void) {
  Scanner *scanner = malloc(sizeof(Scanner));
  *scanner = (Scanner){0};
  return scanner;
}

void tree_sitter_c_external_scanner_destroy(void *payload) { free(payload); }

// Nothing at all for the usual state, else the depth, the decision and as many bytes of `unstructured` as are in use.
unsigned tree_sitter_c_external_scanner_serialize(void *payload, char *buffer) {
  const Scanner *scanner = payload;
  if (scanner->depth == 0 && scanner->decision == NOTHING_DECIDED) return 0;
  unsigned length = 0;
  buffer[length++] = (char)scanner->depth;
  buffer[length++] = (char)scanner->decision;
  for (unsigned bit = 0; bit < scanner->depth && bit < DEEPEST_GROUP; bit += 8) buffer[length++] = (char)(scanner->unstructured >> bit);
  return length;
}

void tree_sitter_c_external_scanner_deserialize(void *payload, const char *buffer, unsigned length) {
  Scanner *scanner = payload;
  *scanner = (Scanner){0};
  if (length < 2) return;
  scanner->depth = (uint8_t)buffer[0];
  scanner->decision = (uint8_t)buffer[1];
  for (unsigned i = 2; i < length; i++) scanner->unstructured |= (uint64_t)(uint8_t)buffer[i] << (8 * (i - 2));
}

// ---- names

// At an identifier.
static bool scan_name(Scan *scan) {
  TSLexer *lexer = scan->lexer;
  Word name;
  bool may_be_definition = scan->valid[DEFINITION_AHEAD] && scan->indent == 0;
  read_word(lexer, &name);
  if (may_be_definition) {
    if (begins_definition(scan, &name)) return produce(scan, DEFINITION_AHEAD);
    if (in_initializer(scan) && is_blank(peek(lexer))) return declares_something(lexer) && produce(scan, DEFINITION_AHEAD);
  }
  lexer->mark_end(lexer);
  if (is_keyword(&name)) return false;
  if (scan->valid[JUXTAPOSED_MACRO]) return produce(scan, JUXTAPOSED_MACRO);
  bool crosses_line = false, is_spaced = peek(lexer) != '(';
  if (is_spaced) {
    Gap gap = skip_gap(lexer);
    if (gap.read_slash) return false;
    crosses_line = gap.crosses_line;
  }
  return peek(lexer) == '(' ? scan_called_name(scan, &name, is_spaced) : scan_plain_name(scan, &name, crosses_line);
}

// ---- `*` and `{` in macro arguments

// `type *` as an argument: a `*` with nothing behind it but qualifiers and the end of the argument. Else it multiplies.
static bool scan_type_star(Scan *scan) {
  TSLexer *lexer = scan->lexer;
  Word word;
  advance(lexer);
  lexer->mark_end(lexer);
  for (;;) {
    while (is_space(peek(lexer)) || peek(lexer) == '*') advance(lexer);
    if (!starts_word(peek(lexer))) break;
    read_word(lexer, &word);
    if (!equals(&word, "const") && !equals(&word, "volatile") && !is_plain_annotation(&word)) return false;
  }
  return (peek(lexer) == ',' || peek(lexer) == ')') && produce(scan, TYPE_STAR);
}

#define LONGEST_LIST 100000

// `{ a, b }` as an argument is a list of initializers if it isn't empty and has no `;` at any level; else it is a block.
static bool scan_list_brace(Scan *scan) {
  TSLexer *lexer = scan->lexer;
  int braces = 1;
  bool has_text = false;
  advance(lexer);
  lexer->mark_end(lexer);
  for (int read = 0; read < LONGEST_LIST && !at_end(lexer); read++) {
    int32_t c = peek(lexer);
    if (c == ';') return false;
    if (c == '/') {
      if (!skip_comment(lexer)) has_text = true;
      continue;
    }
    if (c == '"' || c == '\'') {
      skip_quoted(lexer);
    } else {
      advance(lexer);
      if (is_space(c)) continue;
      if (c == '{') braces++;
      if (c == '}' && --braces == 0) return has_text && produce(scan, LIST_BRACE);
    }
    has_text = true;
  }
  return false;
}

// ---- the scan

// Skips the space before the token and notes the token's column if it is the first on its line.
static void skip_space_before_token(Scan *scan) {
  TSLexer *lexer = scan->lexer;
  for (;;) {
    switch (peek(lexer)) {
      case '\n':
        scan->indent = 0;
        break;
      case '\t':
        if (scan->indent != NO_COLUMN) scan->indent = (scan->indent / 8 + 1) * 8;
        break;
      case ' ':
        if (scan->indent != NO_COLUMN) scan->indent++;
        break;
      case '\r':
      case '\f':
      case '\v':
        break;
      default:
        return;
    }
    skip_as_space(lexer);
    scan->space++;
  }
}

static bool may_be_special_name(const bool *valid) {
  return valid[LOOP_MACRO] || valid[FUNCTION_MACRO] || valid[MODIFIED_DECLARING_MACRO] || valid[FIELD_MACRO] || valid[ARGUMENT_LOOP_MACRO] ||
    valid[ANNOTATION_BEFORE_TYPE] || valid[ANNOTATION_AFTER_TYPE] || valid[ANNOTATION_AFTER_DECLARATOR] || valid[STRING_MACRO] ||
    valid[STRING_MACRO_CALL] || valid[JUXTAPOSED_MACRO] || valid[TYPE_MACRO] || valid[DECLARATOR_MACRO] || valid[DEFINITION_AHEAD];
}

bool tree_sitter_c_external_scanner_scan(void *payload, TSLexer *lexer, const bool *valid) {
  Scanner *scanner = payload;
  Scan scan = {lexer, valid, NO_COLUMN, 0};
  bool in_directive = valid[DIRECTIVE_END] || valid[DIRECTIVE_END_WITH_REST] || valid[DEFINE_BODY];
  if (in_directive && !valid[ERROR_RECOVERY]) return scan_end_of_directive(&scan);
  if (valid[DEFINITION_AHEAD]) lexer->mark_end(lexer); // it stands right behind the token before
  skip_space_before_token(&scan);
  int32_t c = peek(lexer);
  if (c == '#') {
    if (!valid[PREPROC_LINE]) return false;
    // A '#' inside a line is no directive. get_column() is slow, but only asked where no newline was seen: on the first line.
    bool starts_line = scan.indent != NO_COLUMN || scanner->decision != NOTHING_DECIDED || lexer->get_column(lexer) == scan.space;
    return starts_line && scan_directive(&scan, scanner);
  }
  if ((c == '(' || c == '[') && may_be_unclosed(valid)) return scan_parenthesis(&scan);
  if (valid[ERROR_RECOVERY]) return false;
  if (starts_word(c)) {
    if (!may_be_special_name(valid)) return false;
    // The first item of a file has no newline before it. (Two items on one line are rare enough for get_column().)
    if (scan.indent == NO_COLUMN && valid[ITEM_CONTEXT] && lexer->get_column(lexer) == scan.space) scan.indent = (int)scan.space;
    return scan_name(&scan);
  }
  if (c == '{') return valid[LIST_BRACE] && scan_list_brace(&scan);
  if (c == '*') return valid[TYPE_STAR] && scan_type_star(&scan);
  return false;
}
