// Names that are followed by arguments: is `name(…)` a call, or what kind of macro?
#pragma once
#include "unclosed.h"
#include "words.h"

// What is known of `name(…)` once its arguments are skipped.
typedef struct {
  Word name;
  bool is_spaced;  // there is space before `(`
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
      if (use->is_spaced && use->first == '*') return produce(scan, FUNCTION_POINTER_TYPE); // type (*name)(int); never a call in the kernel
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
  // On a line of its own a name in lower case is a call, and the line before it lacks its `;`.
  if (scan->indent != NO_COLUMN && !looks_like_annotation(name)) return false;
  return !valid[ANNOTATION_AFTER_TYPE] && produce(scan, ANNOTATION_CALL_AFTER_DECLARATOR);
}

// At the `(` after a name, and perhaps space.
static bool scan_called_name(Scan *scan, const Word *name, bool is_spaced) {
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
  MacroUse use = {.name = *name, .is_spaced = is_spaced};
  if (!skip_parentheses(lexer, &use.first)) return produce_unclosed(scan);
  use.gap = skip_gap(lexer);
  if (use.gap.read_slash) return false;
  use.follows = at_end(lexer) ? 0 : peek(lexer);
  if (valid[FIELD_MACRO]) return scan_macro_in_fields(scan, &use);
  return in_statement ? scan_macro_statement(scan, &use) : scan_macro_after_modifier(scan, &use);
}
