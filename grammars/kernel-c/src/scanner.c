// External scanner of the kernel-C grammar. It settles by looking ahead what the grammar alone can't know:
//
//   - directives: which #if groups become nodes with alternatives and which are only lines in between (scan_directive);
//   - macros: whether `name(…)` starts a loop, a function, a declaration, a type, or is a statement without `;` (scan_called_name);
//   - annotations that are in no list, and macros in strings (scan_plain_name);
//   - the text of a #define, which is one token (scan_end_of_directive);
//   - `*` and `{` in macro arguments, where they would be ambiguous (scan_type_star, scan_list_brace).
//
// Each answer is a token of its own in place of the identifier, so that the parser never has to try two ways. A token is only offered
// if the grammar can use it where the scan is: `valid` says which, and is also the only context there is. The ..._CONTEXT tokens
// exist for that alone, they are never produced.
#include "annotations.h"
#include "groups.h"
#include <stdlib.h>

// In the order of `externals` in grammar.js.
enum Token {
  ITEM_CONTEXT, FIELD_CONTEXT, ENUMERATOR_CONTEXT,

  DIRECTIVE_AHEAD,
  IF_DIRECTIVE, IFDEF_DIRECTIVE, IFNDEF_DIRECTIVE,
  ELSE_DIRECTIVE, ELIF_DIRECTIVE, ELIFDEF_DIRECTIVE, ELIFNDEF_DIRECTIVE, ENDIF_DIRECTIVE,
  DIRECTIVE_END, DIRECTIVE_END_WITH_REST, DEFINE_BODY, DEFINE_PARENTHESIS,
  PREPROC_LINE, PREPROC_INACTIVE,

  LOOP_MACRO, STATEMENT_MACRO, FUNCTION_MACRO, DECLARING_MACRO, MODIFIED_DECLARING_MACRO, TYPE_MACRO,
  FIELD_MACRO, FIELD_GROUP_MACRO, BARE_MACRO, INITIALIZER_MACRO, LIST_ITEM_MACRO, ARGUMENT_LOOP_MACRO, DECLARATOR_MACRO,

  ANNOTATION_BEFORE_TYPE, ANNOTATION_AFTER_TYPE, ANNOTATION_AFTER_DECLARATOR, ANNOTATION_CALL_AFTER_DECLARATOR,

  TYPE_STAR, STRING_MACRO, STRING_MACRO_CALL, JUXTAPOSED_MACRO, LIST_BRACE,

  // Valid only while the parser recovers from an error, when it accepts anything.
  ERROR_RECOVERY,
};

// ---- state: the open #if groups, so that #else and #endif know whose they are

// An #if is announced by a token of no width (DIRECTIVE_AHEAD), and what the look-ahead decided is kept for the next scan, which
// makes the token itself: the decision needs to know the context, the tokens are extras and may stand anywhere.
typedef enum {
  NOTHING_DECIDED,
  GROUP_IS_STRUCTURED,   // a preproc_if or preproc_ifdef with its alternatives
  GROUP_IS_UNSTRUCTURED, // its first branch is parsed as if the lines weren't there; the others are skipped
  GROUP_IS_DISABLED,     // `#if 0`: the first branch is skipped
} Decision;

#define DEEPEST_GROUP 64 // groups deeper than that are unstructured

typedef struct {
  uint8_t depth;
  uint8_t decision;
  uint64_t unstructured; // bit n: the n-th open group, counted from the outermost
} Scanner;

static void open_group(Scanner *scanner, bool structured) {
  if (scanner->depth < DEEPEST_GROUP) {
    uint64_t bit = (uint64_t)1 << scanner->depth;
    if (structured) scanner->unstructured &= ~bit;
    else scanner->unstructured |= bit;
  }
  if (scanner->depth < UINT8_MAX) scanner->depth++;
}

static void close_group(Scanner *scanner) {
  if (scanner->depth == 0) return;
  scanner->depth--;
  if (scanner->depth < DEEPEST_GROUP) scanner->unstructured &= ~((uint64_t)1 << scanner->depth);
}

static bool innermost_group_is_structured(const Scanner *scanner) {
  if (scanner->depth == 0 || scanner->depth > DEEPEST_GROUP) return false;
  return !((scanner->unstructured >> (scanner->depth - 1)) & 1);
}


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

// ---- directives

// `#if 0`, with nothing but a comment behind it. The name of the directive was just read.
static bool is_disabled_if(TSLexer *lexer, const Word *name) {
  if (!equals(name, "if")) return false;
  while (is_blank(peek(lexer))) advance(lexer);
  if (peek(lexer) != '0') return false;
  advance(lexer);
  while (is_blank(peek(lexer))) advance(lexer);
  return peek(lexer) == '\n' || peek(lexer) == '\r' || peek(lexer) == '/';
}

// After the name of an #if: decides what becomes of the group.
static Decision decide_group(Scan *scan, const Scanner *scanner, const Word *name) {
  const bool *valid = scan->valid;
  if (is_disabled_if(scan->lexer, name)) return GROUP_IS_DISABLED;
  if (valid[ERROR_RECOVERY] || scanner->depth >= DEEPEST_GROUP) return GROUP_IS_UNSTRUCTURED;
  GroupPlace place;
  if (valid[ITEM_CONTEXT]) place = GROUP_OF_BLOCK_ITEMS;
  else if (valid[FIELD_CONTEXT]) place = GROUP_OF_FIELDS;
  else if (valid[ENUMERATOR_CONTEXT]) place = GROUP_OF_ENUMERATORS;
  else return GROUP_IS_UNSTRUCTURED;
  bool may_be_guard = scanner->depth == 0 && equals(name, "ifndef");
  return group_has_whole_items(scan->lexer, may_be_guard, place, scan->indent > 0) ? GROUP_IS_STRUCTURED : GROUP_IS_UNSTRUCTURED;
}

// At an #if on which decide_group() has decided.
static bool scan_decided_if(Scan *scan, Scanner *scanner) {
  TSLexer *lexer = scan->lexer;
  Decision decision = scanner->decision;
  Word name;
  scanner->decision = NOTHING_DECIDED;
  read_directive(lexer, &name);
  open_group(scanner, decision == GROUP_IS_STRUCTURED);
  if (decision == GROUP_IS_STRUCTURED) {
    lexer->mark_end(lexer);
    return produce(scan, equals(&name, "if") ? IF_DIRECTIVE : equals(&name, "ifdef") ? IFDEF_DIRECTIVE : IFNDEF_DIRECTIVE);
  }
  skip_rest_of_line(lexer);
  if (decision == GROUP_IS_UNSTRUCTURED) {
    lexer->mark_end(lexer);
    return produce(scan, PREPROC_LINE);
  }
  // up to before the #endif, or with the line of an #else, after which the code counts
  if (skip_group(lexer, STOP_AT_ALTERNATIVE, END_TOKEN_BEFORE_DIRECTIVE) == DIRECTIVE_ELSE) {
    skip_rest_of_line(lexer);
    lexer->mark_end(lexer);
  }
  return produce(scan, PREPROC_INACTIVE);
}

static bool scan_else(Scan *scan, Scanner *scanner, const Word *name) {
  TSLexer *lexer = scan->lexer;
  if (innermost_group_is_structured(scanner)) {
    lexer->mark_end(lexer);
    if (equals(name, "else")) return produce(scan, ELSE_DIRECTIVE);
    if (equals(name, "elif")) return produce(scan, ELIF_DIRECTIVE);
    return produce(scan, equals(name, "elifdef") ? ELIFDEF_DIRECTIVE : ELIFNDEF_DIRECTIVE);
  }
  skip_rest_of_line(lexer);
  skip_group(lexer, STOP_AT_ENDIF, END_TOKEN_BEFORE_DIRECTIVE);
  return produce(scan, PREPROC_INACTIVE);
}

static bool scan_endif(Scan *scan, Scanner *scanner) {
  TSLexer *lexer = scan->lexer;
  bool structured = innermost_group_is_structured(scanner);
  close_group(scanner);
  if (!structured) {
    skip_rest_of_line(lexer);
    lexer->mark_end(lexer);
    return produce(scan, PREPROC_LINE);
  }
  lexer->mark_end(lexer);
  while (is_blank(peek(lexer))) advance(lexer);
  if (continues_word(peek(lexer)) || peek(lexer) == '!' || peek(lexer) == '(') { // `#endif CONFIG_FOO`, as old code has it
    while (!at_end(lexer) && peek(lexer) != '\n' && peek(lexer) != '/') advance(lexer);
    lexer->mark_end(lexer);
  }
  return produce(scan, ENDIF_DIRECTIVE);
}

// At a '#' that is the first character of its line.
static bool scan_directive(Scan *scan, Scanner *scanner) {
  TSLexer *lexer = scan->lexer;
  const bool *valid = scan->valid;
  if (scanner->decision != NOTHING_DECIDED) return scan_decided_if(scan, scanner);
  Word name;
  lexer->mark_end(lexer);
  switch (read_directive(lexer, &name)) {
    case DIRECTIVE_IF:
      if (!valid[DIRECTIVE_AHEAD]) return false;
      scanner->decision = (uint8_t)decide_group(scan, scanner, &name);
      return produce(scan, DIRECTIVE_AHEAD);
    case DIRECTIVE_ELSE:
      return scan_else(scan, scanner, &name);
    case DIRECTIVE_ENDIF:
      return scan_endif(scan, scanner);
    case DIRECTIVE_OTHER:
      break;
  }
  // Where items may stand, #define, #include and the like are nodes with parts; anywhere else they are a line.
  bool has_rule = valid[ITEM_CONTEXT] || valid[FIELD_CONTEXT];
  if (has_rule && !valid[ERROR_RECOVERY]) return false;
  skip_rest_of_line(lexer);
  lexer->mark_end(lexer);
  return produce(scan, PREPROC_LINE);
}

// The body of a #define: the rest of its lines without the comments and space at both ends.
static bool scan_define_body(Scan *scan) {
  TSLexer *lexer = scan->lexer;
  bool has_text = false;
  while (!at_end(lexer) && peek(lexer) != '\n') {
    int32_t c = peek(lexer);
    if (c == '/') {
      if (skip_comment(lexer)) {
        if (!has_text && (peek(lexer) == '\n' || at_end(lexer))) return false;
        continue;
      }
    } else if (c == '\\') {
      advance(lexer);
      if (skip_continued_newline(lexer)) continue;
    } else if (c == '"') {
      skip_quoted(lexer);
    } else {
      advance(lexer);
      if (is_space(c)) continue;
    }
    has_text = true;
    lexer->mark_end(lexer);
  }
  return has_text && produce(scan, DEFINE_BODY);
}

// Inside a directive, whose end is the end of its line.
static bool scan_end_of_directive(Scan *scan) {
  TSLexer *lexer = scan->lexer;
  const bool *valid = scan->valid;
  bool skipped = false;
  for (;;) {
    int32_t c = peek(lexer);
    if (is_blank(c) || c == '\r' || c == '\f') {
      skip_as_space(lexer);
    } else if (c == '\\') {
      skip_as_space(lexer);
      if (peek(lexer) == '\r') skip_as_space(lexer);
      if (peek(lexer) != '\n') return false;
      skip_as_space(lexer);
    } else {
      break;
    }
    skipped = true;
  }
  if (valid[DEFINE_PARENTHESIS] && peek(lexer) == '(' && !skipped) { // parameters only if there is no space before
    advance(lexer);
    lexer->mark_end(lexer);
    return produce(scan, DEFINE_PARENTHESIS);
  }
  bool line_ends = peek(lexer) == '\n' || at_end(lexer);
  if (valid[DEFINE_BODY] && !line_ends) return scan_define_body(scan);
  if (valid[DIRECTIVE_END_WITH_REST] && !line_ends) { // `#ifdef CONFIG_FOO garbage`
    while (!at_end(lexer) && peek(lexer) != '\n' && peek(lexer) != '/') advance(lexer);
    if (peek(lexer) == '/') return false; // a comment first
    line_ends = true;
  }
  if (!line_ends) return false;
  // The newline itself is left to the next token, which thereby knows that it is the first on its line.
  lexer->mark_end(lexer);
  return produce(scan, valid[DIRECTIVE_END] ? DIRECTIVE_END : DIRECTIVE_END_WITH_REST);
}

// ---- names: vocabulary

// Words that are never a macro's or an annotation's name. All lists are sorted.
static const char *const KEYWORDS[] = {
  "_Alignas", "_Alignof", "_Atomic", "_Bool", "_Generic", "__alignof__", "__asm", "__asm__", "__attribute", "__attribute__", "__auto_type",
  "__extension__", "__inline", "__inline__", "__int128", "__label__", "__typeof", "__typeof__", "alignof", "asm", "asm_inline", "auto", "bool",
  "break", "case", "char", "const", "continue", "default", "defined", "do", "double", "else", "enum", "extern", "float", "for", "goto", "if",
  "inline", "int", "long", "offsetof", "register", "restrict", "return", "short", "signed", "sizeof", "static", "struct", "switch", "typedef",
  "typeof", "typeof_unqual", "union", "unsigned", "void", "volatile", "while"};
static const char *const STATEMENT_KEYWORDS[] = {
  "break", "case", "continue", "default", "do", "for", "goto", "if", "return", "switch", "while"};
static const char *const TYPE_KEYWORDS[] = {
  "_Bool", "bool", "char", "double", "enum", "extern", "float", "inline", "int", "long", "short", "signed", "size_t", "ssize_t", "static",
  "struct", "union", "unsigned", "void"};

static bool is_keyword(const Word *word) { return IS_ONE_OF(word, KEYWORDS); }
static bool is_plain_annotation(const Word *word) { return IS_ONE_OF(word, PLAIN_ANNOTATIONS); }
static bool is_annotation_with_arguments(const Word *word) { return IS_ONE_OF(word, ANNOTATIONS_WITH_ARGUMENTS); }
static bool is_annotation(const Word *word) {
  return is_plain_annotation(word) || is_annotation_with_arguments(word) || begins_with(word, "__attribute");
}

// Whatever follows the arguments of such a macro is its body, on whichever line it is.
static bool names_loop(const Word *name) {
  return contains(name, "for_each") || contains(name, "foreach") || contains(name, "FOR_EACH") || contains(name, "FOREACH") ||
    contains(name, "ForEach") || contains(name, "scoped_") || contains(name, "_for_") || begins_with(name, "for_") ||
    contains(name, "_each_") || begins_with(name, "guard_") || contains(name, "_scope");
}

// Macros that declare something where a call could stand.
static bool names_declaration(const Word *name) {
  return contains(name, "DEFINE_") || contains(name, "DECLARE_") || contains(name, "ON_STACK") || contains(name, "ONSTACK") ||
    IS_ONE_OF(name, DECLARING_MACROS);
}

// unrolled_count(4) and the like stand before the loop that they unroll.
static bool names_unrolling(const Word *name) { return begins_with(name, "unroll"); }

// Macros that make several cases of a switch, or that end a loop.
static bool names_cases_or_end(const Word *name) { return contains(name, "switchcase") || begins_with(name, "endfor_"); }

// Inside a function a call without `;` is a mistake, unless its name tells that it is a macro.
static bool may_lack_semicolon(const Word *name) {
  bool underscored = name->text[0] == '_' && name->text[1] != '_';
  return name->has_upper || underscored || names_unrolling(name) || names_cases_or_end(name);
}

// `__name` and `NAME` may be annotations, `name` is a type, a variable or a function.
static bool looks_like_annotation(const Word *name) {
  return begins_with(name, "__") || (is_all_capitals(name) && name->length > 1);
}

// ---- names that are followed by arguments

// What is known of `name(…)` once its arguments are skipped.
typedef struct {
  Word name;
  int32_t first;   // first character of the arguments
  Gap gap;         // between `)` and what follows
  int32_t follows; // first character after `)`
} MacroUse;

// struct_group(name, members…): the arguments are fields.
static bool names_field_group(const Word *name) {
  return contains(name, "struct_group") || contains(name, "TRAILING_OVERLAP");
}

// In a struct: DECLARE_BITMAP(map, 8);   MACRO_WITH_FIELDS(x)   TYPE(x) field;
static bool scan_macro_in_fields(Scan *scan, const MacroUse *use) {
  if (use->first == '*') return false; // a pointer to a function
  switch (use->follows) {
    case ';':
    case '[':
      return produce(scan, FIELD_MACRO);
    case '*':
      return produce(scan, TYPE_MACRO);
    case '}':
    case '#':
      return produce(scan, STATEMENT_MACRO);
  }
  if (!starts_word(use->follows)) return false;
  Word next;
  read_word(scan->lexer, &next);
  if (is_annotation(&next)) return produce(scan, FIELD_MACRO);
  return produce(scan, use->gap.crosses_line ? STATEMENT_MACRO : TYPE_MACRO);
}

// After an annotation behind `NAME(…)`: what NAME is depends on what follows it, and perhaps more of them. A body makes it `function`, a
// name `type`; else it is `declaring`.
static enum Token macro_before_annotations(TSLexer *lexer, enum Token function, enum Token type, enum Token declaring) {
  int32_t first;
  Word word;
  do {
    skip_gap(lexer);
    if (peek(lexer) == '(') {
      if (!skip_parentheses(lexer, &first)) return declaring;
      skip_gap(lexer);
    }
    read_word(lexer, &word);
  } while (is_annotation(&word));
  if (word.length) return is_keyword(&word) ? declaring : type;
  return peek(lexer) == '{' ? function : declaring;
}

// After `static`, `const`, an annotation …: static DEFINE_MUTEX(m);   static DEVICE_ATTR_RW(x) without `;`   static TYPE(x) name;
static bool scan_macro_after_modifier(Scan *scan, const MacroUse *use) {
  TSLexer *lexer = scan->lexer;
  if (use->follows == '{') return use->first != '*' && produce(scan, FUNCTION_MACRO);
  if (!scan->valid[MODIFIED_DECLARING_MACRO] || use->first == '*' || use->first == '^') return false;
  switch (use->follows) {
    case ';':
    case ',':
    case '[':
      return produce(scan, MODIFIED_DECLARING_MACRO);
    case '=':
      advance(lexer);
      return peek(lexer) != '=' && produce(scan, MODIFIED_DECLARING_MACRO);
    case '*':
      return produce(scan, TYPE_MACRO);
    case '#':
    case 0:
      return produce(scan, STATEMENT_MACRO);
  }
  if (!starts_word(use->follows)) return false;
  Word next;
  read_word(lexer, &next);
  if (is_annotation(&next)) {
    enum Token type = use->gap.crosses_line ? MODIFIED_DECLARING_MACRO : TYPE_MACRO;
    return produce(scan, macro_before_annotations(lexer, FUNCTION_MACRO, type, MODIFIED_DECLARING_MACRO));
  }
  if (!use->gap.crosses_line) return produce(scan, TYPE_MACRO);
  if (use->gap.column == 0 && is_keyword(&next)) return produce(scan, STATEMENT_MACRO);
  skip_gap(lexer);
  return produce(scan, peek(lexer) == '(' && !is_keyword(&next) ? TYPE_MACRO : STATEMENT_MACRO);
}

// `NAME(…) word` where a statement or a top-level item may start.
static bool scan_macro_before_word(Scan *scan, const MacroUse *use) {
  TSLexer *lexer = scan->lexer;
  bool at_top = scan->indent == 0, is_loop = names_loop(&use->name);
  Word next;
  read_word(lexer, &next);
  if (!use->gap.crosses_line) {
    if (is_annotation(&next)) {
      enum Token function = at_top ? FUNCTION_MACRO : DECLARING_MACRO;
      return produce(scan, macro_before_annotations(lexer, function, TYPE_MACRO, DECLARING_MACRO));
    }
    if (is_loop || IS_ONE_OF(&next, STATEMENT_KEYWORDS)) return produce(scan, LOOP_MACRO);
    skip_gap(lexer);
    int32_t c = peek(lexer);
    bool declares = c == ';' || c == '=' || c == ',' || c == '[' || c == '*' || starts_word(c);
    if (declares || at_top || IS_ONE_OF(&next, TYPE_KEYWORDS)) return produce(scan, TYPE_MACRO);
    return produce(scan, LOOP_MACRO);
  }
  if (at_top) {
    if (!is_annotation(&next)) return produce(scan, STATEMENT_MACRO);
    enum Token otherwise = use->gap.column > 0 ? DECLARING_MACRO : STATEMENT_MACRO;
    return produce(scan, macro_before_annotations(lexer, FUNCTION_MACRO, otherwise, otherwise));
  }
  if (!equals(&next, "else") && (is_loop || (scan->indent > 0 && use->gap.column > scan->indent))) return produce(scan, LOOP_MACRO);
  return may_lack_semicolon(&use->name) && produce(scan, STATEMENT_MACRO);
}

// `NAME(…) {`
static bool scan_macro_before_brace(Scan *scan) {
  if (scan->indent != 0) return produce(scan, LOOP_MACRO);
  advance(scan->lexer);
  skip_gap(scan->lexer);
  if (peek(scan->lexer) == '.') return produce(scan, INITIALIZER_MACRO); // MACRO(x) { .field = …
  return produce(scan, scan->valid[FUNCTION_MACRO] ? FUNCTION_MACRO : LOOP_MACRO);
}

// `NAME(…) =`: DECLARE_SOMETHING(x) = { … };
static bool scan_macro_before_equals(Scan *scan, const MacroUse *use) {
  advance(scan->lexer);
  bool compares = peek(scan->lexer) == '=';
  return !compares && (scan->indent == 0 || names_declaration(&use->name)) && produce(scan, DECLARING_MACRO);
}

// `NAME(…),`: in a file that is included inside a list; in a block a comma continues an expression.
static bool scan_macro_before_comma(Scan *scan, const MacroUse *use) {
  advance(scan->lexer);
  bool is_item = scan->indent == 0 || (is_all_capitals(&use->name) && skip_gap(scan->lexer).crosses_line);
  return is_item && produce(scan, LIST_ITEM_MACRO);
}

// `NAME(…)`, and on the next line an operator: does that begin a statement of its own?
static bool scan_macro_before_operator(Scan *scan, const MacroUse *use) {
  int32_t c = use->follows;
  if (names_loop(&use->name)) return (c == '*' || c == '+' || c == '-' || c == '(') && produce(scan, LOOP_MACRO);
  if ((c != '*' && c != '+' && c != '-') || use->gap.column != scan->indent) return false;
  advance(scan->lexer);
  bool begins_statement = c == '*' || peek(scan->lexer) == c; // *p = …;  ++i;
  return begins_statement && may_lack_semicolon(&use->name) && produce(scan, STATEMENT_MACRO);
}

#define MOST_DIRECTIVES_SKIPPED 40

// Directives between `NAME(…)` and what follows don't separate them. True if there were any.
static bool look_beyond_directives(TSLexer *lexer, MacroUse *use) {
  int skipped = 0;
  while (peek(lexer) == '#' && skipped++ < MOST_DIRECTIVES_SKIPPED) {
    if (!skip_directive_and_alternatives(lexer)) break;
    skip_gap(lexer);
    use->gap = (Gap){true, NO_COLUMN, false};
  }
  use->follows = peek(lexer);
  return skipped > 0;
}

// Where a statement or a top-level item may start.
static bool scan_macro_statement(Scan *scan, MacroUse *use) {
  TSLexer *lexer = scan->lexer;
  bool at_top = scan->indent == 0;
  switch (use->follows) {
    case '{':
      return scan_macro_before_brace(scan);
    case ';':
      return (at_top ? use->first != '*' : names_declaration(&use->name)) && produce(scan, DECLARING_MACRO);
    case '=':
      return scan_macro_before_equals(scan, use);
    case ',':
      return scan_macro_before_comma(scan, use);
    case '(':
      if (names_declaration(&use->name)) return produce(scan, DECLARING_MACRO); // guard(mutex)(&lock);
      break;
  }
  if (at_top && contains(&use->name, "MACHINE_START")) return produce(scan, INITIALIZER_MACRO);
  bool directives = look_beyond_directives(lexer, use);
  if (use->follows == '{' && directives && at_top) return produce(scan, FUNCTION_MACRO);
  if (at_end(lexer) || use->follows == '}' || use->follows == '#') {
    if (!use->gap.crosses_line && use->follows != '}') return false;
    return (at_top || may_lack_semicolon(&use->name)) && produce(scan, STATEMENT_MACRO);
  }
  if (starts_word(use->follows)) return scan_macro_before_word(scan, use);
  if (use->gap.crosses_line) return scan_macro_before_operator(scan, use);
  return use->follows == '*' && produce(scan, TYPE_MACRO);
}

// Inside a declaration or an expression.
static bool scan_macro_inside(Scan *scan, const Word *name) {
  TSLexer *lexer = scan->lexer;
  const bool *valid = scan->valid;
  bool may_be_loop = valid[ARGUMENT_LOOP_MACRO] && names_loop(name);
  bool may_be_declarator = valid[DECLARATOR_MACRO] && is_all_capitals(name);
  bool may_be_tag = valid[TYPE_MACRO] && !valid[STRING_MACRO] && !valid[ANNOTATION_CALL_AFTER_DECLARATOR];
  if (may_be_loop || may_be_declarator || may_be_tag) {
    int32_t first;
    if (!skip_parentheses(lexer, &first) || skip_gap(lexer).read_slash) return false;
    int32_t follows = peek(lexer);
    if (may_be_loop) return (follows == '{' || starts_word(follows)) && produce(scan, ARGUMENT_LOOP_MACRO);
    if (may_be_declarator && follows == '(') return first != '*' && produce(scan, DECLARATOR_MACRO); // int NAME(x)(int parameter)
    if (may_be_tag && (follows == '{' || starts_word(follows))) return produce(scan, TYPE_MACRO); // struct NAME(x) variable
  }
  return !valid[ANNOTATION_AFTER_TYPE] && produce(scan, ANNOTATION_CALL_AFTER_DECLARATOR);
}

// At the `(` after a name.
static bool scan_called_name(Scan *scan, const Word *name) {
  TSLexer *lexer = scan->lexer;
  const bool *valid = scan->valid;
  bool in_statement = valid[LOOP_MACRO], after_modifier = valid[FUNCTION_MACRO] || valid[MODIFIED_DECLARING_MACRO];
  if (valid[STRING_MACRO_CALL]) return produce(scan, STRING_MACRO_CALL);
  if (is_annotation_with_arguments(name)) return false; // the grammar's own token
  if (valid[ANNOTATION_AFTER_TYPE] && !in_statement && begins_with(name, "__")) { // int __macro (*f)(void)
    advance(lexer);
    while (is_space(peek(lexer))) advance(lexer);
    return peek(lexer) == '*' && produce(scan, ANNOTATION_AFTER_TYPE);
  }
  if (!in_statement && !after_modifier && !valid[FIELD_MACRO] && !valid[STATEMENT_MACRO]) return scan_macro_inside(scan, name);
  if (is_plain_annotation(name)) return false;
  if (valid[FIELD_GROUP_MACRO] && names_field_group(name)) return produce(scan, FIELD_GROUP_MACRO);
  MacroUse use = {.name = *name};
  if (!skip_parentheses(lexer, &use.first)) return false;
  use.gap = skip_gap(lexer);
  if (use.gap.read_slash) return false;
  use.follows = at_end(lexer) ? 0 : peek(lexer);
  if (valid[FIELD_MACRO]) return scan_macro_in_fields(scan, &use);
  return in_statement ? scan_macro_statement(scan, &use) : scan_macro_after_modifier(scan, &use);
}

// ---- names that are not

// The words behind a name, as far as they matter.
#define WORDS_AHEAD 4
typedef struct {
  Word words[WORDS_AHEAD];
  int count;
  int32_t after_first; // the character after the first of them (a letter if another word follows)
  int32_t after;       // the character after the last of them
} Ahead;

static void read_words_ahead(TSLexer *lexer, Ahead *ahead) {
  ahead->count = 0;
  while (ahead->count < WORDS_AHEAD && starts_word(peek(lexer))) {
    read_word(lexer, &ahead->words[ahead->count++]);
    skip_gap(lexer);
    if (ahead->count == 1) ahead->after_first = peek(lexer);
  }
  ahead->after = peek(lexer);
}

// `PREFIX "text"`: a macro that stands for a string, before a literal (after any number of macros) or before another macro.
static bool is_string_macro(const Scan *scan, const Word *name, const Ahead *ahead) {
  const bool *valid = scan->valid;
  const Word *next = &ahead->words[0];
  if (ahead->after == '"' && next->length > 1) return true;
  if (valid[LOOP_MACRO] || valid[ANNOTATION_BEFORE_TYPE] || valid[ANNOTATION_AFTER_TYPE]) return false;
  for (int i = 0; i < ahead->count; i++)
    if (is_annotation(&ahead->words[i])) return false;
  if (is_keyword(next)) return false;
  return ahead->count > 1 || ahead->after == '(' || (is_all_capitals(name) && is_all_capitals(next) && ahead->after == ';');
}

// `type name declarator`: is the name an annotation of what follows?
static bool is_annotation_after_type(const Word *name, const Ahead *ahead, bool crosses_line) {
  const Word *next = &ahead->words[0];
  if (begins_with(next, "__") && is_annotation(next)) return false; // `type name __annotation`
  if (is_keyword(next) && !IS_ONE_OF(next, TYPE_KEYWORDS)) return false;
  if (looks_like_annotation(name)) return true;
  if (looks_like_annotation(next)) return false; // type name __unknown, type name ALIGN(8)
  return !name->has_upper && !crosses_line;
}

// Like looks_like_annotation(), for a name that may as well be a type: __u32, __s8, __le16, __be32 are.
static bool looks_like_annotation_of_type(const Word *name) {
  if (is_all_capitals(name)) return true;
  int32_t letter = name->text[2];
  return begins_with(name, "__") && name->has_lower && letter != 'u' && letter != 's' && letter != 'l' && letter != 'b';
}

// ANNOTATION ANNOTATION __known void: the words up to a type of the language all annotate it.
static bool is_run_of_annotations(const Word *name, const Ahead *ahead) {
  if (!looks_like_annotation_of_type(name)) return false;
  int annotations = 0;
  while (annotations < ahead->count) {
    const Word *word = &ahead->words[annotations];
    if (!is_all_capitals(word) && !is_plain_annotation(word)) break;
    annotations++;
  }
  return annotations > 0 && annotations < ahead->count && IS_ONE_OF(&ahead->words[annotations], TYPE_KEYWORDS);
}

// `name type declarator`: is the name an annotation, or the type?
static bool is_annotation_before_type(const Scan *scan, const Word *name, const Ahead *ahead, bool crosses_line) {
  const Word *next = &ahead->words[0];
  bool capitals = is_all_capitals(name), at_top = scan->indent == 0;
  if (is_run_of_annotations(name, ahead)) return true;
  if (IS_ONE_OF(next, TYPE_KEYWORDS)) return looks_like_annotation(name) || !crosses_line;
  if (equals(next, "const")) { // ANNOTATION const type name, but TYPE const name
    bool type_follows = ahead->count > 2 || (ahead->count == 2 && ahead->after == '*');
    return capitals && name->length > 4 && type_follows;
  }
  if (at_top && capitals && is_all_capitals(next) && ahead->after_first == '(') return true; // STATIC INIT f(…)
  if (is_keyword(next) || is_plain_annotation(next)) return false;
  if (!looks_like_annotation_of_type(name)) return false;
  if (capitals && at_top && !next->has_lower) return false; // TYPE NAME
  if (ahead->count > 1) return !is_annotation(&ahead->words[1]);
  if (ahead->after != '*') return false;
  while (peek(scan->lexer) == '*') {
    advance(scan->lexer);
    skip_gap(scan->lexer);
  }
  Word declared;
  read_word(scan->lexer, &declared);
  return declared.length && !is_annotation(&declared);
}

// A macro that stands alone on its line, in place of a statement or of fields. `follows` is the first character of the next line.
static bool is_bare_macro(const Scan *scan, const Word *name, int32_t follows) {
  Word next;
  if (scan->valid[FIELD_MACRO]) {
    if (follows == '}' || follows == '#' || begins_with(name, "randomized_struct_fields")) return true;
    if (!is_all_capitals(name) || !starts_word(follows)) return false;
    read_word(scan->lexer, &next);
    if (is_all_capitals(&next) && next.length > 3) return true;
    skip_gap(scan->lexer); // a whole field on the next line, or only the name of this one?
    return starts_word(peek(scan->lexer)) || peek(scan->lexer) == '*';
  }
  bool ends_block = follows == '}' || follows == '#' || at_end(scan->lexer);
  if (scan->valid[LOOP_MACRO] && names_unrolling(name)) return true;
  if (!scan->valid[LOOP_MACRO] || name->length <= 3 || !name->has_upper) return false;
  if (scan->indent <= 0 && follows == '}') return false;
  if (ends_block && follows != '}') return !name->has_lower || follows == '#';
  if (name->has_lower || scan->indent <= 0) return false;
  if (ends_block) return true;
  if (!starts_word(follows)) return false;
  read_word(scan->lexer, &next);
  return !equals(&next, "else");
}

// After a name and what separates it from a character that isn't `(`.
static bool scan_plain_name(Scan *scan, const Word *name, bool crosses_line) {
  TSLexer *lexer = scan->lexer;
  const bool *valid = scan->valid;
  bool in_statement = valid[LOOP_MACRO];
  int32_t follows = peek(lexer);
  if (valid[BARE_MACRO] && crosses_line && is_bare_macro(scan, name, follows)) return produce(scan, BARE_MACRO);
  if (is_plain_annotation(name)) return false; // the grammar's own token
  if (valid[ENUMERATOR_CONTEXT] && scan->indent != NO_COLUMN) return false; // the next enumerator, after a macro with its own comma
  bool may_annotate = valid[ANNOTATION_BEFORE_TYPE] || valid[ANNOTATION_AFTER_TYPE] || valid[ANNOTATION_AFTER_DECLARATOR];
  if (starts_word(follows)) {
    bool may_be_string = valid[STRING_MACRO] && !(crosses_line && in_statement);
    if (!may_be_string && !may_annotate) return false;
    Ahead ahead;
    read_words_ahead(lexer, &ahead);
    if (may_be_string && is_string_macro(scan, name, &ahead)) return produce(scan, STRING_MACRO);
    if (valid[ANNOTATION_AFTER_TYPE]) {
      if (crosses_line && in_statement) return false;
      return is_annotation_after_type(name, &ahead, crosses_line) && produce(scan, ANNOTATION_AFTER_TYPE);
    }
    if (valid[ANNOTATION_BEFORE_TYPE])
      return is_annotation_before_type(scan, name, &ahead, crosses_line) && produce(scan, ANNOTATION_BEFORE_TYPE);
    return produce(scan, ANNOTATION_AFTER_DECLARATOR);
  }
  if (valid[ANNOTATION_AFTER_TYPE]) return follows == '*' && produce(scan, ANNOTATION_AFTER_TYPE);
  switch (follows) {
    case ';':
    case '=':
    case ',':
    case ')':
    case '{':
    case '[':
      return looks_like_annotation(name) && produce(scan, ANNOTATION_AFTER_DECLARATOR);
  }
  return false;
}

// At an identifier.
static bool scan_name(Scan *scan) {
  TSLexer *lexer = scan->lexer;
  Word name;
  read_word(lexer, &name);
  lexer->mark_end(lexer);
  if (is_keyword(&name)) return false;
  if (scan->valid[JUXTAPOSED_MACRO]) return produce(scan, JUXTAPOSED_MACRO);
  bool crosses_line = false;
  if (peek(lexer) != '(') {
    Gap gap = skip_gap(lexer);
    if (gap.read_slash) return false;
    crosses_line = gap.crosses_line;
  }
  return peek(lexer) == '(' ? scan_called_name(scan, &name) : scan_plain_name(scan, &name, crosses_line);
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
    valid[STRING_MACRO_CALL] || valid[JUXTAPOSED_MACRO] || valid[TYPE_MACRO] || valid[DECLARATOR_MACRO];
}

bool tree_sitter_c_external_scanner_scan(void *payload, TSLexer *lexer, const bool *valid) {
  Scanner *scanner = payload;
  Scan scan = {lexer, valid, NO_COLUMN, 0};
  bool in_directive = valid[DIRECTIVE_END] || valid[DIRECTIVE_END_WITH_REST] || valid[DEFINE_BODY];
  if (in_directive && !valid[ERROR_RECOVERY]) return scan_end_of_directive(&scan);
  skip_space_before_token(&scan);
  int32_t c = peek(lexer);
  if (c == '#') {
    if (!valid[PREPROC_LINE]) return false;
    // A '#' inside a line is no directive. get_column() is slow, but only asked where no newline was seen: on the first line.
    bool starts_line = scan.indent != NO_COLUMN || scanner->decision != NOTHING_DECIDED || lexer->get_column(lexer) == scan.space;
    return starts_line && scan_directive(&scan, scanner);
  }
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
