import { assert } from 'chai';
import { changedLinesOf } from '../../../src/core';

describe('changed lines of a diff', () => {
  it('are those added, and those on either side of what is gone', () => {
    const diff = `diff --git a/x.c b/x.c
index 1..2 100644
--- a/x.c
+++ b/x.c
@@ -10 +10,2 @@ int f(void)
-	a();
+	b();
+	c();
@@ -20,2 +21,0 @@
-	d();
--- e();
diff --git a/gone.c b/gone.c
--- a/gone.c
+++ /dev/null
@@ -1,1 +0,0 @@
-int x;
diff --git "a/t\\303\\244.c" "b/t\\303\\244.c"
--- /dev/null
+++ "b/t\\303\\244.c"
@@ -0,0 +1 @@
+++ b/not-a-file.c
\\ No newline at end of file
`;
    assert.deepEqual(
      [...changedLinesOf(diff)],
      [
        ['x.c', [[10, 11], [21, 22]]],
        ['tä.c', [[1, 1]]],
      ],
    ); // prettier-ignore
  });
});
