// NotPortable query:1:38: a duration as a value is not portable; add it to a date, or take its days.
WITH duration({days: 1}) AS x RETURN x, count(*) AS n
// NotPortable query:1:8: LOCALTIME as grouping key is not portable; group by a date.
RETURN localtime('10:00') AS x, count(*) AS n
// NotPortable query:1:56: a list without a defined order as key is not portable; write WITH … ORDER BY before the clause that collects.
MATCH (a:A)-[:R]->(b) WITH a, collect(b.n) AS l RETURN l, count(*) AS n
// NotPortable query:1:65: a list without a defined order as key is not portable; write WITH … ORDER BY before the clause that collects.
MATCH (a:A)-[:R]->(b) WITH a, collect(b.n) AS l RETURN DISTINCT l
// CypherSyntaxError query:1:20: sum(x) is how it is called.
MATCH (a:A) RETURN sum(a.n, a.m) AS x
// CypherSyntaxError query:1:20: percentileCont(x, 0.5) is how it is called.
MATCH (a:A) RETURN percentileCont(a.f) AS x
// question CypherSyntaxError query:1:8: rand() cannot stand inside an aggregate.
RETURN sum(rand()) AS x
// TypeMismatch query:1:8: sum() of LOCALTIME is not defined.
RETURN sum(localtime('10:00')) AS x
// TypeMismatch query:1:8: max() of LOCALTIME is not defined.
RETURN max(localtime('10:00')) AS x
// NotPortable query:1:8: a LOCALTIME in this place is not portable; return it, compare it, or take its parts.
RETURN count(localtime('10:00')) AS x
// NotPortable query:1:8: a LOCALTIME in this place is not portable; return it, compare it, or take its parts.
RETURN collect(localtime('10:00')) AS x
// TypeMismatch query:1:20: sum() of NODE is not defined.
MATCH (a:A) RETURN sum(a) AS x
// NotPortable query:1:20: count() of durations is not portable; count something else.
MATCH (a:A) RETURN count(duration({days: 1})) AS x
// NotPortable query:1:32: count(DISTINCT path) is not portable; count its nodes.
MATCH p = (:A)-[:R]->() RETURN count(DISTINCT p) AS x
// NotPortable query:1:32: collect() of PATH is not portable; collect its nodes or its days.
MATCH p = (:A)-[:R]->() RETURN collect(p) AS x
// NotPortable query:1:20: collect() of DURATION is not portable; collect its nodes or its days.
MATCH (a:A) RETURN collect(duration({days: 1})) AS x
// NotPortable query:1:25: collect(DISTINCT) of lists without a defined order is not portable; sort them first.
MATCH (a:A) RETURN size(collect(DISTINCT labels(a))) AS x
// NotPortable query:1:61: collect(DISTINCT) of lists without a defined order is not portable; sort them first.
MATCH (a:A)-[:R]->(b) WITH a, collect(b.n) AS l RETURN size(collect(DISTINCT l)) AS x
// TypeMismatch query:1:20: sum() adds numbers, this is STRING.
MATCH (a:A) RETURN sum(a.s) AS x
// TypeMismatch query:1:20: avg() adds numbers, this is DATE.
MATCH (a:A) RETURN avg(a.d) AS x
// NotPortable query:1:20: max() of MAP is not portable; use scalar values.
MATCH (a:A) RETURN max({k: a.n}) AS x
// TypeMismatch query:1:20: max() of NODE is not defined.
MATCH (a:A) RETURN max(a) AS x
// question NotPortable query:1:32: sum(DISTINCT) of FLOAT OR INTEGER is not portable; write sum(DISTINCT toFloat(x)).
UNWIND [1, 1.5, 1] AS x RETURN sum(DISTINCT x) AS s
// NotPortable query:1:47: a computed LIMIT is not portable; use a number or a parameter.
MATCH (a:A) RETURN a.id AS x ORDER BY x LIMIT 1 + 1
// UnknownName query:1:46: The variable 'a' is unknown. WITH passes on only what it names.
MATCH (a:A) RETURN a.id AS x ORDER BY x SKIP a.n
// CypherSyntaxError query:1:47: LIMIT needs an integer that is not negative.
MATCH (a:A) RETURN a.id AS x ORDER BY x LIMIT 'a'
// NotPortable query:1:41: a list of nulls is not portable; give the elements a type.
MATCH (a:A {id: 'a0'}) RETURN COLLECT { MATCH (a)-[:R]->(x) RETURN null } AS l
// NotPortable query:1:79: LIMIT in COLLECT { … } without a total order is not portable; order by a key as well.
MATCH (a:A {id: 'a0'}) RETURN COLLECT { MATCH (a)-[:R]->(x) RETURN x.id LIMIT 1 } AS l
// NotPortable query:1:93: a computed LIMIT in COLLECT { … } is not portable; write a number.
MATCH (a:A {id: 'a0'}) RETURN COLLECT { MATCH (a)-[:R]->(x) RETURN x.id ORDER BY x.id LIMIT 1 + 1 } AS l
// NotPortable query:1:41: a list of nulls is not portable; give the elements a type.
MATCH (a:A {id: 'a0'}) RETURN COLLECT { UNWIND [1] AS x RETURN null } AS l
// CypherSyntaxError query:1:30: COLLECT { … } returns exactly one column.
MATCH (a:A) RETURN COLLECT { MATCH (a)-->(x) RETURN x.id, x.n } AS l
// CypherSyntaxError query:1:30: The query ends without RETURN; add a RETURN clause.
MATCH (a:A) RETURN COLLECT { MATCH (a)-->(x) } AS l
// CypherSyntaxError query:1:49: The variable 'a' exists already.
MATCH (a:A) CALL (a) { MATCH (a)-[:R]->(b) WITH b.id AS a RETURN a AS c } RETURN c
// UnknownName query:1:45: The variable 'a' is unknown. WITH passes on only what it names.
MATCH (a:A {id: 'a0'}) CALL { WITH DISTINCT a RETURN a.id AS c } RETURN c
// UnknownName query:1:36: The variable 'a' is unknown. WITH passes on only what it names.
MATCH (a:A {id: 'a0'}) CALL { WITH a WHERE a.n > 0 RETURN a.id AS c } RETURN c
// UnknownName query:1:36: The variable 'a' is unknown. WITH passes on only what it names.
MATCH (a:A {id: 'a0'}) CALL { WITH a ORDER BY a.id LIMIT 1 RETURN a.id AS c } RETURN c
// UnknownName query:1:13: The variable 'z' is unknown.
MATCH (a:A) CALL (z) { RETURN 1 AS c } RETURN c
// CypherSyntaxError query:1:13: CALL returns 'a', which exists already.
MATCH (a:A) CALL (a) { RETURN a.n AS a } RETURN a
// CypherSyntaxError query:1:20: CALL returns 'b', which exists already.
MATCH (a:A), (b:B) CALL (a) { RETURN 1 AS b } RETURN b
// CypherSyntaxError query:1:31: An expression that CALL returns needs a name: a.n AS name.
MATCH (a:A) CALL (a) { RETURN a.n } RETURN a.id AS x
// CypherSyntaxError query:1:46: All parts of a UNION must return columns of the same names.
MATCH (a:A) CALL (a) { RETURN a.n AS c UNION RETURN 1 AS d } RETURN a.id AS x
// NotPortable query:1:44: UNION of NODE and INTEGER in 'c' is not portable; return values of one type.
MATCH (a:A) CALL (a) { RETURN a AS c UNION RETURN 1 AS c } RETURN a.id AS x
// NotPortable query:1:57: UNION of INTEGER and FLOAT in 'c' is not portable; write toFloat(x) in each part.
MATCH (a:A {id: 'a0'}) CALL (a) { RETURN a.n AS c UNION RETURN 1.5 AS c } RETURN c
// NotPortable query:1:1: UNWIND of INTEGER is not portable; put it into a list: [x].
UNWIND 1 AS x RETURN x
// NotPortable query:1:13: UNWIND of NODE is not portable; put it into a list: [x].
MATCH (a:A) UNWIND a AS x RETURN x.id AS i
// NotPortable query:1:17: DISTINCT LOCALTIME is not portable; leave it out.
RETURN DISTINCT localtime('10:00') AS x
// NotPortable query:1:21: UNION of INTEGER and STRING in 'x' is not portable; return values of one type.
RETURN 1 AS x UNION RETURN 'a' AS x
// NotPortable query:1:44: UNION of NODE and INTEGER in 'x' is not portable; return values of one type.
MATCH (a:A {id: 'a0'}) RETURN a AS x UNION RETURN 1 AS x
// NotPortable query:1:1: UNION of paths in 'x' is not portable; return nodes(p) or length(p).
MATCH p = (:A {id: 'a0'})-[:R]->() RETURN p AS x UNION MATCH p = (:A {id: 'a1'})-[:R]->() RETURN p AS x
// NotPortable query:1:1: UNION of LOCALTIME is not portable; return scalar values.
RETURN localtime('10:00') AS x UNION RETURN localtime('11:00') AS x
// NotPortable query:1:8: LOCALTIME in a list is not portable; keep it in a variable.
RETURN [localtime('10:00')] AS x
// NotPortable query:1:1: a map of nodes is not portable; return the nodes.
MATCH (a:A {id: 'a0'}) RETURN {k: a} AS x
// NotPortable query:1:1: a map of nodes is not portable; return the nodes.
MATCH (a:A {id: 'a0'}) RETURN [{k: a}] AS x
// NotPortable query:1:1: an empty map is not portable; return null.
RETURN {} AS x
// NotPortable query:1:8: rand() is not portable; a rule must give the same rows each time.
RETURN rand() AS x
// question spark NotPortable query:1:8: rand() is not portable; a rule must give the same rows each time.
RETURN rand() AS x
// NotPortable query:1:40: percentileDisc() at a computed share is not portable; write a number from 0.0 to 1.0.
MATCH (a:A) RETURN percentileDisc(a.f, a.g) AS x
// NotPortable query:1:40: percentileDisc() at a computed share is not portable; write a number from 0.0 to 1.0.
MATCH (a:A) RETURN percentileDisc(a.f, 1.5) AS x
// NotPortable query:1:20: percentileCont() of integers, which is one or a float, is not portable; write percentileCont(toFloat(x), 0.5).
MATCH (a:A) RETURN percentileCont(a.n, 0.5) AS x
// NotPortable query:1:20: percentileDisc(DISTINCT …) is not portable; leave DISTINCT out.
MATCH (a:A) RETURN percentileDisc(DISTINCT a.f, 0.5) AS x
// CypherSyntaxError query:1:8: coalesce() needs at least one argument.
RETURN coalesce() AS x
// NotPortable query:1:8: date() of a LOCALTIME is not portable; give it a day.
RETURN date(localtime('10:00')) AS x
// NotPortable query:1:8: date() of a TIME is not portable; give it a day.
RETURN date(time('10:00+01:00')) AS x
// NotPortable query:1:13: Invalid week: 60 is not portable; write it as YYYY-MM-DD.
RETURN date('2024-W60') AS x
// NotPortable query:1:13: the date '2024-1-1' is not portable; write it as YYYY-MM-DD.
RETURN date('2024-1-1') AS x
// NotPortable query:1:13: the date 'abc' is not portable; write it as YYYY-MM-DD.
RETURN date('abc') AS x
// NotPortable query:1:13: a day that the quarter does not have is not portable; write it as YYYY-MM-DD.
RETURN date('2024-Q2-92') AS a
// NotPortable query:1:13: a day that the year does not have is not portable; write it as YYYY-MM-DD.
RETURN date('2023-366') AS a
// NotPortable query:1:20: a year outside 1 to 9999 is not portable; use a year of those.
RETURN date({year: 0, month: 1 + 1}) AS x
// TypeMismatch query:1:33: month is an integer, this is STRING.
RETURN date({year: 2024, month: 'a' + 'b'}) AS x
// CypherSyntaxError query:1:20: date({…}) needs year, then month, then day.
MATCH (a:A) RETURN date({year: 2024, day: a.n}) AS x
// CypherSyntaxError query:1:20: date({…}) needs year, then month, then day.
MATCH (a:A) RETURN date({month: a.n}) AS x
// NotPortable query:1:31: date.truncate() to this unit is not portable; use one of year, quarter, month, week, day.
MATCH (a:A {id: 'a0'}) RETURN date.truncate(a.s, a.d) AS x
// NotPortable query:1:8: date.truncate() of a time in a day is not portable; write a time of the calendar.
RETURN date.truncate('fortnight', date('2024-01-01')) AS x
// TypeMismatch query:1:20: date.truncate() takes DATE, this is INTEGER.
MATCH (a:A) RETURN date.truncate('month', a.n) AS x
// TypeMismatch query:1:8: date.truncate() takes DATE, this is STRING.
RETURN date.truncate('month', '2024-01-01') AS x
// NotPortable query:1:41: a computed duration is not portable; write duration({days: …}).
MATCH (a:A) RETURN date('2024-01-01') + duration(a.s) AS x
// NotPortable query:1:38: the duration 'P' is not portable; write whole numbers: P1Y2M3DT4H.
RETURN date('2024-01-01') + duration('P') AS x
// NotPortable query:1:38: the duration 'P1.5D' is not portable; write whole numbers: P1Y2M3DT4H.
RETURN date('2024-01-01') + duration('P1.5D') AS x
// NotPortable query:1:8: .hours of a duration is not portable; use duration.inDays(a, b).days.
RETURN duration.inDays(date('2024-01-01'), date('2024-03-01')).hours AS x
// NotPortable query:1:8: .foo of a duration is not portable; use duration.inDays(a, b).days.
RETURN duration.inDays(date('2024-01-01'), date('2024-03-01')).foo AS x
// NotPortable query:1:20: round() to a computed number of places is not portable; write 0 to 12 places.
MATCH (a:A) RETURN round(a.f, a.n) AS x
// NotPortable query:1:8: round() to 13 places is not portable; write 0 to 12 places.
RETURN round(1.234, 13) AS x
// NotPortable query:1:8: round() to -1 places is not portable; write 0 to 12 places.
RETURN round(1.5, -1) AS x
// CypherSyntaxError query:1:8: DISTINCT has no meaning in size().
RETURN size(DISTINCT [1]) AS x
// CypherSyntaxError query:1:8: abs(number) was called with 2 arguments.
RETURN abs(1, 2) AS x
// CypherSyntaxError query:1:8: substring(text, start, length) was called with 1 arguments.
RETURN substring('abc') AS x
// NotPortable query:1:20: left() with a computed or negative length is not portable; write a literal.
MATCH (a:A) RETURN left(a.s, a.n) AS x
// NotPortable query:1:8: right() with a computed or negative length is not portable; write a literal.
RETURN right('abc', -1) AS x
// NotPortable query:1:8: a NUL character is not portable; leave it out.
RETURN 'a\u0000b' AS x
// NotPortable query:1:8: a map that repeats a key is not portable; use different keys.
RETURN {a: 1, a: 2} AS x
// NotPortable query:1:8: a map that repeats a key is not portable; use different keys.
RETURN {a: 1, A: 2} AS x
// UnknownName query:1:29: The variable 'z' is unknown.
MATCH (a:A) WHERE (a)-[:R]->(z) RETURN a
// TypeMismatch query:1:20: -STRING is not defined.
MATCH (a:A) RETURN -a.s AS x
// TypeMismatch query:1:20: +NODE is not defined.
MATCH (a:A) RETURN +a AS x
// TypeMismatch query:1:20: INTEGER || INTEGER is not defined: it joins texts, or lists.
MATCH (a:A) RETURN a.n || a.m AS x
// TypeMismatch query:1:8: STRING || LIST OF INTEGER is not defined: it joins texts, or lists.
RETURN 'a' || [1] AS x
// TypeMismatch query:1:20: =~ looks into texts, this is INTEGER.
MATCH (a:A) RETURN a.n =~ 'a' AS x
// NotPortable query:1:27: =~ with a computed pattern is not portable; write the pattern.
MATCH (a:A) RETURN a.s =~ a.t AS x
// NotPortable query:1:27: the regular expression '(?i)é' is not portable; use classes, groups, | and * + ? {n,m}, or STARTS WITH, ENDS WITH and CONTAINS.
MATCH (a:A) RETURN a.s =~ '(?i)é' AS x
// NotPortable query:1:27: the regular expression 'a++' is not portable; use classes, groups, | and * + ? {n,m}, or STARTS WITH, ENDS WITH and CONTAINS.
MATCH (a:A) RETURN a.s =~ 'a++' AS x
// NotPortable query:1:27: the regular expression 'a{3,1}' is not portable; use classes, groups, | and * + ? {n,m}, or STARTS WITH, ENDS WITH and CONTAINS.
MATCH (a:A) RETURN a.s =~ 'a{3,1}' AS x
// NotPortable query:1:27: the regular expression '(a' is not portable; use classes, groups, | and * + ? {n,m}, or STARTS WITH, ENDS WITH and CONTAINS.
MATCH (a:A) RETURN a.s =~ '(a' AS x
// NotPortable query:1:27: the regular expression '[b-a]' is not portable; use classes, groups, | and * + ? {n,m}, or STARTS WITH, ENDS WITH and CONTAINS.
MATCH (a:A) RETURN a.s =~ '[b-a]' AS x
// CypherSyntaxError query:1:8: '012' is not a number: write it without a leading 0.
RETURN 012 AS x
// CypherSyntaxError query:1:8: The number 1e400 is too large for a float.
RETURN 1e400 AS x
// CypherSyntaxError query:1:9: The number 1e400 is too large for a float.
RETURN -1e400 AS x
// NotPortable query:1:10: % is not portable; name the labels.
MATCH (a:%) RETURN count(*) AS n
// NotPortable query:1:11: % is not portable; name the labels.
MATCH (a:!%) RETURN count(*) AS n
// NotPortable query:1:21: % is not portable; name the labels.
MATCH (a:A) WHERE a:% RETURN count(*) AS n
// NotPortable query:1:16: % is not portable; name the relationship types.
MATCH (a:A)-[r:%]->() RETURN count(*) AS n
// NotPortable query:1:29: % is not portable; name the relationship types.
MATCH (a:A)-[r]->() WHERE r:% RETURN count(*) AS n
// CypherSyntaxError query:1:8: any(…) needs a WHERE that says what must hold.
RETURN any(x IN [1]) AS x
// CypherSyntaxError query:1:8: all(…) needs a WHERE that says what must hold.
RETURN all(x IN [1]) AS x
// CypherSyntaxError query:1:13: WHEN takes several values only after CASE x.
RETURN CASE WHEN 1, 2 THEN 3 END AS x
// CypherSyntaxError query:1:11: The number of paths is 1 or more.
MATCH p = SHORTEST 0 (a:A)-[:R]->+(b:B) RETURN p
// CypherSyntaxError query:1:16: Write either *1..3 or {1,3}, not both.
MATCH p = (a:A)-[:R*1..2]->{1,2}(b) RETURN p
// NotPortable query:1:13: a condition on several parts of a quantified path, or on one that stands beside others, is not portable; write one hop after the other, (a)-[r:T]->(b)-[s:T]->(c).
MATCH (a:A) ((x)-[:R*1..2]->(y)){1,2} (b) RETURN a
// NotPortable query:1:14: a condition on several parts of a quantified path, or on one that stands beside others, is not portable; write one hop after the other, (a)-[r:T]->(b)-[s:T]->(c).
MATCH (a:A) ((x $p)-[:R]->(y)){1,2} (b) RETURN a
// NotPortable query:1:11: a condition on several parts of a quantified path, or on one that stands beside others, is not portable; write one hop after the other, (a)-[r:T]->(b)-[s:T]->(c).
MATCH p = SHORTEST 1 (a:A)((x)-[:R]->(y WHERE y.n > 0)){1,2}(b:B) RETURN p
// NotPortable query:1:11: a shortest path beside other relationships is not portable; match them in another MATCH.
MATCH p = allShortestPaths((a:A {id: 'a0'})-[:R*]->(b:A {id: 'a1'})), (c:A)-[:S]->(d) RETURN p
// NotPortable query:1:11: the least length of a shortest path is not portable; leave it out.
MATCH p = allShortestPaths((a:A {id: 'a0'})-[:R*2..3]->(b:A {id: 'a1'})) RETURN p
// NotPortable query:1:11: a shortest path whose ends may be one node is not portable; add WHERE a <> b, with names for both ends.
MATCH p = allShortestPaths((:A)-[:R*]->(:A)) RETURN p
// NotPortable query:1:11: a shortest path whose ends may be one node is not portable; add WHERE a <> b, with names for both ends.
MATCH p = allShortestPaths((a:A)-[:R*]->(a)) RETURN p
// NotPortable query:1:11: a shortest path whose ends may be one node is not portable; add WHERE a <> b, with names for both ends.
MATCH p = allShortestPaths((a:A1)-[:R*]->(b:A2)) RETURN count(*) AS n
// CypherSyntaxError query:1:31: The variable 'p' exists already.
MATCH (a:A) WITH a AS p MATCH p = (b:B)-[:S]->(c) RETURN p
// CypherSyntaxError query:1:38: The variable 'r' exists already.
MATCH (a:A)-[r:R*1..2]->(b) MATCH (c)-[r:R*1..2]->(d) RETURN a
// CypherSyntaxError query:1:12: {m,n} needs an n above 0 that is not less than m.
MATCH (a:A)-[:R]->{2,1}(b) RETURN a
// CypherSyntaxError query:1:12: {m,n} needs an n above 0 that is not less than m.
MATCH (a:A)-[:R]->{0,0}(b) RETURN a
// CypherSyntaxError query:1:12: Paths of one MATCH are written with * or with {m,n}, not both.
MATCH (a:A)-[:R]->{1,2}(b)-[:R*1..2]->(c) RETURN a
// NotPortable query:1:12: using 'r' again for a path or list is not portable; choose a new name.
MATCH (a:A)-[r:R*1..2]->(r) RETURN a
// NotPortable query:1:7: using 'p' again for a path or list is not portable; choose a new name.
MATCH p = (a:A)-[:R]->(p) RETURN a
// TypeMismatch query:1:19: 'a' is INTEGER, it cannot stand here in a pattern.
WITH 1 AS a MATCH (a)-[:R]->(b) RETURN b
// TypeMismatch query:1:29: 'r' is RELATIONSHIP, it cannot stand here in a pattern.
MATCH (a:A)-[r:R]->() MATCH (r)-[:R]->(b) RETURN b
// TypeMismatch query:1:22: 'a' is NODE, it cannot stand here in a pattern.
MATCH (a:A) MATCH (b)-[a:R]->(c) RETURN b
// CypherSyntaxError query:1:22: 'r' stands twice in one MATCH.
MATCH (a:A)-[r:R]->()-[r:S]->() RETURN a
// CypherSyntaxError query:1:12: 'a' stands twice in one MATCH.
MATCH (a:A)-[a:R]->() RETURN 1 AS x
// NotPortable query:1:12: using 'a' again for a path or list is not portable; choose a new name.
MATCH (a:A)-[a:R*1..2]->() RETURN 1 AS x
// NotPortable query:1:7: using 'p' again for a path or list is not portable; choose a new name.
MATCH p = (a:A)-[p:R]->() RETURN 1 AS x
// TypeMismatch query:1:20: DATE + INTEGER is not defined. Add a duration, such as duration({days: 30}).
MATCH (a:A) RETURN a.d + a.n AS x
// TypeMismatch query:1:20: INTEGER + DATE is not defined. Add a duration, such as duration({days: 30}).
MATCH (a:A) RETURN a.n + a.d AS x
// TypeMismatch query:1:32: PATH + INTEGER is not defined.
MATCH p = (:A)-[:R]->() RETURN p + 1 AS x
// TypeMismatch query:1:20: BOOLEAN + NULL is not defined.
MATCH (a:A) RETURN a.b + null AS x
// TypeMismatch query:1:20: BOOLEAN - NULL is not defined.
MATCH (a:A) RETURN a.b - null AS x
// TypeMismatch query:1:31: LIST OF STRING + LIST OF INTEGER would mix types in one list.
MATCH (a:A {id: 'a0'}) RETURN a.ls + a.li AS x
// TypeMismatch query:1:31: LIST OF STRING + LIST OF INTEGER would mix types in one list.
MATCH (a:A {id: 'a0'}) RETURN a.ls + 1 AS x
// NotPortable query:1:32: comparing paths is not portable; compare nodes(p) or length(p).
MATCH p = (:A)-[:R]->() RETURN p = p AS x
// NotPortable query:1:32: comparing paths is not portable; compare nodes(p) or length(p).
MATCH p = (:A)-[:R]->() RETURN p < 1 AS x
// NotPortable query:1:20: < on NODE is not portable; compare scalar values only.
MATCH (a:A) RETURN a < a AS x
// TypeMismatch query:1:8: LOCALTIME = INTEGER compares values of different types.
RETURN localtime('10:00') = 1 AS x
// NotPortable query:1:8: comparing one time in two zones is not portable; write both in one zone.
RETURN time('10:00+01:00') = time('09:00Z') AS x
// NotPortable query:1:8: comparing one time in two zones is not portable; write both in one zone.
RETURN time('10:00+01:00') < time('09:00Z') AS x
// TypeMismatch query:1:8: DATE + INTEGER is not defined. Add a duration, such as duration({days: 30}).
RETURN date('2024-01-01') + 1 AS x
// NotPortable query:1:8: datetime() of the date 'abc' is not portable; write a time of the calendar.
RETURN datetime('abc') AS x
// NotPortable query:1:8: localtime() of hour 25 is not portable; write a time of the calendar.
RETURN localtime('25:00') AS x
// NotPortable query:1:8: localtime() of minute 61 is not portable; write a time of the calendar.
RETURN localtime('10:61') AS x
// NotPortable query:1:8: localtime() of the time 'abc' is not portable; write a time of the calendar.
RETURN localtime('abc') AS x
// NotPortable query:1:8: time() of the zone in '10:00+0' is not portable; write a time of the calendar.
RETURN time('10:00+0') AS x
// NotPortable query:1:8: time() of the offset '+19:00' is not portable; write a time of the calendar.
RETURN time('10:00+19:00') AS x
// NotPortable query:1:8: time() of a region in the time '10:00[Europe/Stockholm]' is not portable; write a time of the calendar.
RETURN time('10:00[Europe/Stockholm]') AS x
// NotPortable query:1:8: time() of the offset '+01:99' is not portable; write a time of the calendar.
RETURN time('10:00+01:99') AS x
// NotPortable query:1:8: datetime() of an offset that 'Europe/Stockholm' does not have then is not portable; write a time of the calendar.
RETURN datetime('2024-01-01T10:00+05:00[Europe/Stockholm]') AS x
// NotPortable query:1:8: datetime() of the zone 'Nowhere/Land' is not portable; write a time of the calendar.
RETURN datetime('2024-01-01T10:00[Nowhere/Land]') AS x
// NotPortable query:1:8: datetime() of a year before 1971 in a region is not portable; write a time of the calendar.
RETURN datetime('1924-01-01T10:00[Europe/Stockholm]') AS x
// NotPortable query:1:8: datetime() of a time that 'Europe/Stockholm' leaves out is not portable; write a time of the calendar.
RETURN datetime('2024-03-31T02:30[Europe/Stockholm]') AS x
// NotPortable query:1:8: datetime() of the zone 'Nowhere/Land' is not portable; write a time of the calendar.
RETURN datetime('2024-01-01T10:00+05:00[Nowhere/Land]') AS x
// NotPortable query:1:8: datetime() of month must be in 1..12 is not portable; write a time of the calendar.
RETURN datetime({year: 2024, month: 13}) AS x
// NotPortable query:1:8: datetime() of day is out of range for month is not portable; write a time of the calendar.
RETURN datetime({year: 2024, month: 2, day: 30}) AS x
// NotPortable query:1:8: datetime() of a day without a year is not portable; write a time of the calendar.
RETURN datetime({month: 2}) AS x
// NotPortable query:1:8: datetime() of a day without a month is not portable; write a time of the calendar.
RETURN datetime({year: 2024, day: 3}) AS x
// NotPortable query:1:8: datetime() of a day of parts that do not go together is not portable; write a time of the calendar.
RETURN datetime({year: 2024, week: 1, month: 1}) AS x
// NotPortable query:1:8: datetime() of a day of the week without a week is not portable; write a time of the calendar.
RETURN datetime({year: 2024, dayOfWeek: 1}) AS x
// NotPortable query:1:8: datetime() of a quarter outside 1 to 4 is not portable; write a time of the calendar.
RETURN datetime({year: 2024, quarter: 5}) AS x
// NotPortable query:1:8: datetime() of a quarter outside 1 to 4 is not portable; write a time of the calendar.
RETURN datetime({year: 2024, dayOfQuarter: 5}) AS x
// NotPortable query:1:8: datetime() of a day that the quarter does not have is not portable; write a time of the calendar.
RETURN datetime({year: 2024, quarter: 1, dayOfQuarter: 92}) AS x
// NotPortable query:1:8: datetime() of a day that the year does not have is not portable; write a time of the calendar.
RETURN datetime({year: 2023, ordinalDay: 366}) AS x
// NotPortable query:1:8: datetime() of minute without what comes before it is not portable; write a time of the calendar.
RETURN datetime({year: 2024, month: 1, day: 2, minute: 3}) AS x
// NotPortable query:1:8: datetime() of an hour without a day is not portable; write a time of the calendar.
RETURN datetime({year: 2024, month: 1, hour: 3}) AS x
// NotPortable query:1:8: datetime() of hour 24 is not portable; write a time of the calendar.
RETURN datetime({year: 2024, month: 1, day: 1, hour: 24}) AS x
// NotPortable query:1:8: localtime() of second without what comes before it is not portable; write a time of the calendar.
RETURN localtime({hour: 10, second: 5}) AS x
// NotPortable query:1:8: localtime() of minute 60 is not portable; write a time of the calendar.
RETURN localtime({hour: 10, minute: 60}) AS x
// NotPortable query:1:8: localtime() of millisecond 1000 is not portable; write a time of the calendar.
RETURN localtime({hour: 10, minute: 1, second: 1, millisecond: 1000}) AS x
// NotPortable query:1:8: localtime() of microsecond 1000 is not portable; write a time of the calendar.
RETURN localtime({hour: 10, minute: 1, second: 1, millisecond: 999, microsecond: 1000}) AS x
// NotPortable query:1:8: localtime() of fractions without a second is not portable; write a time of the calendar.
RETURN localtime({hour: 10, millisecond: 1}) AS x
// NotPortable query:1:8: localtime() of a zone in a local time is not portable; write a time of the calendar.
RETURN localtime({hour: 10, timezone: 'Z'}) AS x
// NotPortable query:1:8: localtime() of a day in a time is not portable; write a time of the calendar.
RETURN localtime({year: 2024}) AS x
// NotPortable query:1:8: localtime() of a day in a time is not portable; write a time of the calendar.
RETURN localtime({date: date('2024-01-01'), hour: 1}) AS x
// NotPortable query:1:8: localdatetime() of two times to begin with is not portable; write a time of the calendar.
RETURN localdatetime({time: localtime('10:00'), datetime: localdatetime('2024-01-01T10:00')}) AS x
// NotPortable query:1:8: localdatetime() of a day out of a time alone is not portable; write a time of the calendar.
RETURN localdatetime({date: localtime('10:00')}) AS x
// NotPortable query:1:8: localdatetime() of a day out of a time alone is not portable; write a time of the calendar.
RETURN localdatetime({datetime: time('10:00Z')}) AS x
// NotPortable query:1:8: localtime() of a time out of a day alone is not portable; write a time of the calendar.
RETURN localtime({time: date('2024-01-01')}) AS x
// NotPortable query:1:8: date() of a time in a day is not portable; write a time of the calendar.
RETURN date({date: date('2024-01-31'), time: localtime('10:00')}) AS x
// NotPortable query:1:8: date() of a time in a day is not portable; write a time of the calendar.
RETURN date({year: 2024, hour: 10}) AS x
// NotPortable query:1:8: date() of day is out of range for month is not portable; write a time of the calendar.
RETURN date({date: date('2024-02-29'), year: 2023}) AS y
// NotPortable query:1:8: date() of day is out of range for month is not portable; write a time of the calendar.
RETURN date({date: date('2024-05-31'), quarter: 1}) AS a
// NotPortable query:1:8: localdatetime() of a time out of a day alone is not portable; write a time of the calendar.
RETURN localdatetime({date: date('2024-01-01'), time: date('2024-01-01')}) AS x
// NotPortable query:1:8: localdatetime() of a zone in a local time is not portable; write a time of the calendar.
RETURN localdatetime({year: 2024, timezone: 'Z'}) AS x
// NotPortable query:1:8: time() of the zone 'Europe/Stockholm' needs a day is not portable; write a time of the calendar.
RETURN time({hour: 1, timezone: 'Europe/Stockholm'}) AS x
// NotPortable query:1:8: datetime() of the zone 'Nowhere/Land' is not portable; write a time of the calendar.
RETURN datetime({year: 2024, timezone: 'Nowhere/Land'}) AS x
// NotPortable query:1:8: datetime() of a year before 1971 in a region is not portable; write a time of the calendar.
RETURN datetime({year: 1950, timezone: 'Europe/Stockholm'}) AS x
// NotPortable query:1:8: datetime() of a year before 1971 in a region is not portable; write a time of the calendar.
RETURN datetime({datetime: datetime('1950-01-01T10:00Z'), timezone: 'Europe/Stockholm'}) AS x
// NotPortable query:1:8: datetime() of the zone 'Nowhere/Land' is not portable; write a time of the calendar.
RETURN datetime({datetime: datetime('2024-01-01T10:00Z'), timezone: 'Nowhere/Land'}) AS x
// NotPortable query:1:35: {foo: …} of a time is not portable; use other parts.
RETURN datetime({year: 2024, foo: 1}) AS x
// NotPortable query:1:24: {year: …} of a time is not portable; use other parts.
RETURN datetime({year: 'a'}) AS x
// NotPortable query:1:40: {timezone: …} of a time is not portable; use other parts.
RETURN datetime({year: 2024, timezone: 1}) AS x
// NotPortable query:1:36: {date: …} of a time is not portable; use other parts.
RETURN datetime({year: 2024, date: 1}) AS x
// NotPortable query:1:36: a time out of what is not written out is not portable; only days are portable.
MATCH (a:A) RETURN datetime({year: a.n}) AS x
// NotPortable query:1:20: a time out of what is not written out is not portable; only days are portable.
MATCH (a:A) RETURN datetime(a.s) AS x
// TypeMismatch query:1:8: datetime() takes a text or a time, not INTEGER.
RETURN datetime(5) AS x
// NotPortable query:1:8: localtime() of a time out of a day alone is not portable; write a time of the calendar.
RETURN localtime(date('2024-01-01')) AS x
// NotPortable query:1:8: localdatetime() of a day out of a time alone is not portable; write a time of the calendar.
RETURN localdatetime(localtime('10:00')) AS x
// NotPortable query:1:8: localtime() without an argument is not portable; pass the day: date($as_of).
RETURN localtime() AS x
// NotPortable query:1:8: datetime.transaction() in a zone is not portable; leave the zone out.
RETURN datetime.transaction('Europe/Stockholm') AS x
// NotPortable query:1:8: localtime() without an argument is not portable; pass the day: date($as_of).
RETURN localtime.realtime() AS x
// NotPortable query:1:8: datetime.truncate() of null is not portable; give it a time.
RETURN datetime.truncate('month', null) AS x
// NotPortable query:1:8: datetime.truncate() of null is not portable; give it a time.
RETURN datetime.truncate(null, datetime('2024-01-01T10:00Z')) AS x
// NotPortable query:1:66: changes that are not written out is not portable; use a map.
RETURN datetime.truncate('month', datetime('2024-01-01T10:00Z'), null) AS x
// NotPortable query:1:20: datetime.truncate() of this is not portable; write unit and time.
MATCH (a:A) RETURN datetime.truncate(a.s, datetime('2024-01-01T10:00Z')) AS x
// NotPortable query:1:8: datetime.truncate() of this is not portable; write unit and time.
RETURN datetime.truncate('month', 5) AS x
// NotPortable query:1:8: localtime.truncate() of a time truncated to 'month' is not portable; write a time of the calendar.
RETURN localtime.truncate('month', localtime('10:00')) AS x
// NotPortable query:1:8: localdatetime.truncate() of a day out of a time alone is not portable; write a time of the calendar.
RETURN localdatetime.truncate('month', localtime('10:00')) AS x
// NotPortable query:1:8: localtime.truncate() of a time out of a day alone is not portable; write a time of the calendar.
RETURN localtime.truncate('hour', date('2024-01-01')) AS x
// NotPortable query:1:8: localtime.truncate() of truncating to 'nanosecond' is not portable; write a time of the calendar.
RETURN localtime.truncate('nanosecond', localtime('10:00')) AS x
// NotPortable query:1:8: localtime.truncate() of truncating to 'foo' is not portable; write a time of the calendar.
RETURN localtime.truncate('foo', localtime('10:00')) AS x
// NotPortable query:1:8: date.truncate() of a time in a day is not portable; write a time of the calendar.
RETURN date.truncate('hour', datetime('2024-01-01T10:00Z')) AS x
// NotPortable query:1:8: date.truncate() of a year before 1 is not portable; write a time of the calendar.
RETURN date.truncate('millennium', date('0999-01-01')) AS x
// NotPortable query:1:8: date.truncate() of a time in a day is not portable; write a time of the calendar.
RETURN date.truncate('month', date('2024-05-17'), {hour: 3}) AS x
// NotPortable query:1:8: localdatetime.truncate() of changes that are times is not portable; write a time of the calendar.
RETURN localdatetime.truncate('month', localdatetime('2024-05-17T10:00'), {date: date('2024-01-01')}) AS x
// NotPortable query:1:8: localdatetime.truncate() of a zone in a local time is not portable; write a time of the calendar.
RETURN localdatetime.truncate('month', localdatetime('2024-05-17T10:00'), {timezone: 'Z'}) AS x
// NotPortable query:1:8: localtime.truncate() of millisecond 1000 is not portable; write a time of the calendar.
RETURN localtime.truncate('second', localtime('10:11:12.5'), {millisecond: 1000}) AS x
// NotPortable query:1:8: localtime.truncate() of a fraction beyond what was truncated is not portable; write a time of the calendar.
RETURN localtime.truncate('millisecond', localtime('10:11:12.5'), {millisecond: 1}) AS x
// NotPortable query:1:8: .year of a LOCALTIME is not portable; use year to nanosecond.
RETURN localtime('10:11').year AS x
// NotPortable query:1:8: .offsetMinutes of a LOCALTIME is not portable; use year to nanosecond.
RETURN localtime('10:11').offsetMinutes AS x
// NotPortable query:1:8: .foo of a DATETIME is not portable; use year to nanosecond.
RETURN datetime('2024-01-01').foo AS x
// TypeMismatch query:1:20: labels() takes a node, not INTEGER.
MATCH (a:A) RETURN labels(a.n) AS x
// TypeMismatch query:1:30: labels() takes a node, not RELATIONSHIP.
MATCH (a:A)-[r:R]->() RETURN labels(r) AS x
// NotPortable query:1:76: labels() of an element of a list is not portable; match the node.
MATCH (a:A {id: 'a0'})-[:R]->(b) WITH collect(b) AS l UNWIND l AS x RETURN labels(x) AS y
// NotPortable query:1:72: labels() of an element of a list is not portable; match the node.
MATCH (a:A {id: 'a0'})-[:R]->(b) WITH collect(b) AS l RETURN [x IN l | labels(x)] AS y
// NotPortable query:1:77: keys() of an element of a list is not portable; match the node.
MATCH (a:A {id: 'a0'})-[:R]->(b) WITH collect(b) AS l RETURN size([x IN l | keys(x)]) AS y
// question NotPortable query:1:72: all properties of an element of a list is not portable; match the node.
MATCH (a:A {id: 'a0'})-[:R]->(b) WITH collect(b) AS l RETURN [x IN l | properties(x)] AS y
// TypeMismatch query:1:8: id() takes a node or a relationship, not INTEGER.
RETURN id(1) = id(2) AS x
// TypeMismatch query:1:8: elementId() takes a node or a relationship, not INTEGER.
RETURN elementId(1) = elementId(2) AS x
// TypeMismatch query:1:8: keys() takes a node or a map, not INTEGER.
RETURN keys(1) AS x
// question NotPortable query:1:31: keys() of all properties is not portable; write keys(n).
MATCH (a:A {id: 'a0'}) RETURN keys(properties(a)) AS x
// question TypeMismatch query:1:8: properties() takes a node, a relationship or a map, not INTEGER.
RETURN properties(1) AS x
// question NotPortable query:1:31: all properties beside another 'n' is not portable; name the properties: n {.id, .name}.
MATCH (a:B {id: 'b0'}) RETURN a {.*, n: 5} AS x
// NotPortable query:1:20: all properties of a node is not portable; name the properties: n {.id, .name}.
MATCH (a:A) RETURN a {.*} AS x
// TypeMismatch query:1:20: type() takes a relationship, not NODE.
MATCH (a:A) RETURN type(a) AS x
// NotPortable query:1:52: LIMIT with an ORDER BY that leaves ties is not portable; order by a key as well, or by all that is returned: r.
MATCH (a:A)-[r:R|S]->() WITH r ORDER BY r.id LIMIT 1 RETURN startNode(r).id AS x
// NotPortable query:1:66: startNode() outside the MATCH of its relationship is not portable; name the node.
MATCH (a:A)-[r:R]->() WITH collect(r) AS l RETURN size([x IN l | startNode(x)]) AS n
// TypeMismatch query:1:20: length() takes a path, not NODE.
MATCH (a:A) RETURN length(a) AS x
// TypeMismatch query:1:20: nodes() takes a path, not NODE.
MATCH (a:A) RETURN nodes(a) AS x
// TypeMismatch query:1:8: length() takes a path, not STRING.
RETURN length('abc') AS x
// NotPortable query:1:56: label alternative is not portable; put label alternatives into parentheses: (x:A|B).
MATCH (a:A {id: 'a0'})-[r]->() RETURN type(r) AS t, r:R|S AS x, r:!R AS y, count(*) AS n
// UnknownName query:1:43: The relationship type 'Zz' is unknown. There are: R, S, T, U, V.
MATCH (a:A {id: 'a0'})-[r:R]->() RETURN r:Zz AS x
// NotPortable query:1:43: % is not portable; name the relationship types.
MATCH (a:A {id: 'a0'})-[r:R]->() RETURN r:% AS x
// CypherSyntaxError query:1:12: ':' cannot stand here. Expected here: AS, MATCH, OPTIONAL, ORDER BY, RETURN, UNWIND, WITH.
RETURN null:A AS x
// TypeMismatch query:1:20: A value of type INTEGER has no labels.
WITH 1 AS z RETURN z:A AS x
// TypeMismatch query:1:20: A value of type INTEGER has no property 'k'.
WITH 1 AS z RETURN z.k AS x
// TypeMismatch query:1:23: A value of type INTEGER has no property 'k'.
WITH 1 AS z RETURN z {.k} AS x
// UnknownName query:1:20: These nodes have no such property: 'zz' is unknown. They have: b, c, d, e, f, g, id, li, ls, m, n, s, t.
MATCH (a:A) RETURN a.zz AS x
// UnknownName query:1:30: These relationships have no such property: 'zz' is unknown. They have: id, w.
MATCH (a:A)-[r:R]->() RETURN r.zz AS x
// UnknownName query:1:30: These relationships have no such property: 'ww' is unknown. Did you mean 'w'?
MATCH (a:A)-[r:R]->() RETURN r.ww AS x
// UnknownName query:1:25: The key 'b' is unknown.
WITH {a: 1} AS m RETURN m.b AS x
// NotPortable query:1:31: map[key] with a computed key is not portable; write map.key.
MATCH (a:A {id: 'a0'}) RETURN a[a.s] AS x
// NotPortable query:1:25: map[key] with a computed key is not portable; write map.key.
WITH {a: 1} AS m RETURN m[0] AS x
// TypeMismatch query:1:8: A list index is an integer, this is STRING.
RETURN [1, 2]['a'] AS x
// NotPortable query:1:24: a slice of a list of nulls is not portable; write the list itself.
UNWIND [0] AS i RETURN [null, null][i..] AS b
// TypeMismatch query:1:8: A slice's bound is an integer, not STRING.
RETURN [1, 2]['a'..] AS x
// NotPortable query:1:64: a slice of a list without a defined order is not portable; write WITH … ORDER BY with a key before the clause that collects.
MATCH (a:A {id: 'a0'})-[:R]->(b) WITH collect(b.n) AS l RETURN l[0..1] AS x
// TypeMismatch query:1:20: This needs a list, it is INTEGER.
MATCH (a:A) RETURN a.n[0] AS x
// TypeMismatch query:1:20: This needs a list, it is INTEGER.
MATCH (a:A) RETURN [x IN a.n | x] AS x
// TypeMismatch query:1:20: This needs a list, it is NODE. Write the property after a dot.
MATCH (a:A) RETURN [x IN a | x] AS x
// NotPortable query:1:8: a comprehension over nulls only is not portable; leave the nulls out.
RETURN [x IN [null, null] WHERE x > 0] AS a
// NotPortable query:1:31: a list of nulls is not portable; give the elements a type.
MATCH (a:A {id: 'a0'}) RETURN [x IN a.li | null] AS c
// NotPortable query:1:8: reduce() over nulls only is not portable; leave the nulls out.
RETURN reduce(t = 0, x IN [null] | t + 1) AS a
// TypeMismatch query:1:8: This needs a list, it is INTEGER.
RETURN reduce(t = 0, x IN 5 | t + 1) AS a
// NotPortable query:1:8: reduce() from INTEGER to STRING is not portable; begin with a value of the result's type, such as 0.0.
RETURN reduce(t = 0, x IN [1] | 'a') AS a
// NotPortable query:1:44: a quantifier over nulls only is not portable; leave the nulls out.
UNWIND [1] AS i WITH i, [null] AS l RETURN any(x IN l WHERE x = i) AS y, all(x IN l WHERE x = i) AS z, none(x IN l WHERE x = 1) AS u, single(x IN l WHERE x = 1) AS v
// TypeMismatch query:1:8: This needs a list, it is INTEGER.
RETURN any(x IN 5 WHERE x > 1) AS a
// TypeMismatch query:1:8: size() takes a list here, this is INTEGER.
RETURN size(5) AS x
// NotPortable query:1:41: reverse() of a list without a defined order is not portable; write WITH … ORDER BY with a key before the clause that collects.
MATCH (a:A {id: 'a0'})-[:R]->(b) RETURN reverse(collect(b.n)) AS x
// NotPortable query:1:41: tail() of a list without a defined order is not portable; write WITH … ORDER BY with a key before the clause that collects.
MATCH (a:A {id: 'a0'})-[:R]->(b) RETURN tail(collect(b.n)) AS x
// NotPortable query:1:8: range() with a computed step or 0 is not portable; write a literal.
RETURN range(1, 5, 0) AS x
// NotPortable query:1:8: range() to or from null is not portable; give it a number.
RETURN range(1, null) AS x
// NotPortable query:1:8: range() of more than 1,000,000 numbers is not portable; count in two steps.
RETURN range(0, 1000000) AS x
// NotPortable query:1:8: range() with a computed step or 0 is not portable; write a literal.
RETURN range(1, 10, 2 + 1) AS x
// TypeMismatch query:1:8: IN needs a list on its right, this is INTEGER.
RETURN 1 IN 5 AS x
// TypeMismatch query:1:31: STRING IN LIST OF INTEGER compares values of different types.
MATCH (a:A {id: 'a0'}) RETURN 'a' IN a.li AS x
// NotPortable query:1:31: LIST OF INTEGER IN LIST OF INTEGER is not portable; look for scalar values only.
MATCH (a:A {id: 'a0'}) RETURN [1] IN a.li AS x
// NotPortable query:1:31: IN on a list of floats is not portable; compare with <= and >=.
MATCH (a:A {id: 'a0'}) RETURN 1.5 IN a.li AS x
// TypeMismatch query:1:73: The list can never hold this entity.
MATCH (a:A {id: 'a0'})-[:R]->(b) WITH collect(b) AS l MATCH (c:B) WHERE c IN l RETURN c.id AS x
// NotPortable query:1:62: INTEGER IN LIST OF NODE is not portable; look for scalar values only.
MATCH (a:A {id: 'a0'})-[:R]->(b) WITH collect(b) AS l RETURN 1 IN l AS x
// NotPortable query:1:44: IN on a list of unknown type is not portable; give the list a type.
UNWIND [1] AS i WITH i, [null] AS l RETURN i IN l AS x
// NotPortable query:1:44: IN on a list of unknown type is not portable; give the list a type.
MATCH (a:A) WITH collect(null) AS l RETURN 1 IN l AS x
// NotPortable query:1:8: arithmetic on durations is not portable; add them to the date one after the other.
RETURN duration({days: 1}) + duration({days: 1}) AS x
// TypeMismatch query:1:8: DURATION - DATE is not defined.
RETURN duration({days: 1}) - date('2024-01-01') AS x
// TypeMismatch query:1:8: A duration can be added to a date, not to INTEGER.
RETURN 1 + duration({days: 1}) AS x
// TypeMismatch query:1:8: DATE * DURATION is not defined.
RETURN date('2024-01-01') * duration({days: 1}) AS x
// NotPortable query:1:39: ORDER BY a value of type MAP is not portable; order by a property.
MATCH (a:A) RETURN a.id AS x ORDER BY {k: 1} LIMIT 1
// NotPortable query:1:39: ORDER BY a value of type NODE is not portable; order by a property.
MATCH (a:A) RETURN a.id AS x ORDER BY a LIMIT 1
// NotPortable query:1:52: ORDER BY a value of type MAP is not portable; order by a property.
MATCH (a:A) WITH {k: a.n} AS m, a.id AS i ORDER BY m, i RETURN i
// NotPortable query:1:42: ORDER BY a value of type PATH is not portable; order by a property.
MATCH p = (a:A)-[:R]->() WITH p ORDER BY p LIMIT 1 RETURN length(p) AS n
// NotPortable query:1:68: LIMIT with an ORDER BY that leaves ties is not portable; order by a key as well, or by all that is returned: p.
MATCH p = (a:A)-[:R*1..2]->() WITH p ORDER BY length(p) DESC LIMIT 1 RETURN length(p) AS n
// NotPortable query:1:8: the parameter name $a b is not portable; use a name of letters, digits and _ that does not begin with a digit.
RETURN $`a b` AS x
// question NotPortable query:1:31: = of all properties is not portable; compare the properties one by one.
MATCH (a:B {id: 'b0'}) RETURN properties(a) = {id: 'b0'} AS x
// TypeMismatch query:1:31: LIST OF STRING = LIST OF INTEGER compares values of different types.
MATCH (a:A {id: 'a0'}) RETURN a.ls = a.li AS x
// TypeMismatch query:1:8: INTEGER = STRING compares values of different types. Convert one side with toInteger() or toString().
RETURN [1] = ['a'] AS x
// NotPortable query:1:31: = on lists that may hold nulls, lists or no fixed order is not portable; compare their elements.
MATCH (a:A {id: 'a0'}) RETURN labels(a) = ['A'] AS x
// NotPortable query:1:1: a value that is MAP OR MAP is not portable; use values of one type.
RETURN [{a: 1}, {b: 2}] AS x
// question NotPortable query:1:1: a value that is MAP OR MAP is not portable; use values of one type.
RETURN [{a: 1}, {a: 'x'}] AS x
// question NotPortable query:1:1: a value that is MAP OR MAP is not portable; use values of one type.
UNWIND [{a: 1}, {b: 2}] AS m RETURN m.a AS x
// NotPortable query:1:1: a value that is MAP OR MAP is not portable; use values of one type.
RETURN [{a: 1}, {a: 2.5}] AS x
// NotPortable query:1:77: LIMIT without ORDER BY is not portable; add ORDER BY, else any rows may come.
MATCH (a:A) RETURN a.id AS id, COUNT { MATCH (a)-[:R]->(b) RETURN b.n LIMIT 1 } AS x ORDER BY id
// UnknownName query:1:68: The variable 'z' is unknown.
MATCH (a:A) RETURN a.id AS id, EXISTS { MATCH (a)-[:R]->(b) RETURN z } AS x ORDER BY id
// spark NotPortable query:1:28: on Spark a subquery in a COUNT that uses a variable of the outermost query is not portable; join with MATCH instead of the inner one.
MATCH (a:A) RETURN COUNT { MATCH (a)-[:R]->(b) WHERE EXISTS { (b)-[:S]->(c) WHERE c.n = a.n } } AS x
// spark NotPortable query:1:30: on Spark a list out of a subquery is not portable; use OPTIONAL MATCH and collect().
MATCH (a:A) RETURN COLLECT { MATCH (a)-[:R]->(b) RETURN b.n } AS x
// spark NotPortable query:1:40: on Spark EXISTS { … } of more than MATCH and WHERE is not portable; use WITH.
MATCH (a:A) RETURN a.id AS x, EXISTS { MATCH (a)-[:R]->(b) WITH b WHERE b.n > 0 RETURN b } AS y
// spark NotPortable query:1:1: 625 combinations of path lengths is not portable; bound the paths more tightly.
MATCH (a:A)-[:R*1..5]->(b)-[:R*1..5]->(c)-[:R*1..5]->(d)-[:R*1..5]->(e) RETURN count(*) AS n
// NotPortable query:1:8: date() of a time in a day is not portable; write a time of the calendar.
RETURN date({datetime: localdatetime('2024-05-06T10:00')}) AS x
// NotPortable query:1:8: localtime.truncate() of a time out of a day alone is not portable; write a time of the calendar.
RETURN localtime.truncate('day', date('2024-01-01')) AS x
// NotPortable query:1:8: time.truncate() of a time out of a day alone is not portable; write a time of the calendar.
RETURN time.truncate('day', date('2024-01-01')) AS x
// NotPortable query:1:8: localtime() of a day in a time is not portable; write a time of the calendar.
RETURN localtime({datetime: localdatetime('2024-05-06T10:00')}) AS x
// NotPortable query:1:8: localdatetime() of a time out of a day alone is not portable; write a time of the calendar.
RETURN localdatetime({datetime: date('2024-05-06')}) AS x
// NotPortable query:1:8: localdatetime.truncate() of a time out of a day alone is not portable; write a time of the calendar.
RETURN localdatetime.truncate('hour', date('2024-01-01'), {minute: 3}) AS x
// NotPortable query:1:42: 'a' beside an aggregate is not portable; make it an item of its own before, as grouping key.
MATCH (a:B {id: 'b0'}) WITH collect(a) + a AS l RETURN size(l) AS n
// NotPortable query:1:8: reduce() from LIST OF NULL to LIST OF INTEGER is not portable; begin with a value of the result's type, such as 0.0.
RETURN reduce(t = [], x IN [1, 2] | t + x) AS b
// question NotPortable query:1:40: grouping by what is FLOAT OR INTEGER OR STRING is not portable; use toFloat() or toString().
UNWIND [1, 1.5, 'a', null] AS x RETURN count(DISTINCT x) AS d
// NotPortable query:1:22: map projection is not portable; begin with a property: n {.id, other: 1}.
WITH 1 AS z RETURN z {k: 1} AS x
// TypeMismatch query:1:25: A map projection of MAP is not portable.
WITH {a: 1} AS z RETURN z {.a, k: 1} AS x
// TypeMismatch query:1:30: 'r' is not a node.
MATCH (a:A)-[r:R*1..2]->(b), (r)-[:S]->(c) RETURN a
// TypeMismatch query:1:35: 'r' is LIST OF RELATIONSHIP, it cannot stand here in a pattern.
MATCH (a:A)-[r:R*1..2]->(b) MATCH (r)-[:S]->(c) RETURN a
// NotPortable query:1:11: a shortest path whose ends may be one node is not portable; add WHERE a <> b, with names for both ends.
MATCH p = allShortestPaths((a:A1)-[:R*]->(b:A {n: 1})) RETURN p
// NotPortable query:1:29: ORDER BY a value of type MAP is not portable; order by a property.
MATCH (a:A) WITH a ORDER BY [{k: a.n}], a.id RETURN a.id AS i
// NotPortable query:1:12: a duration as a value is not portable; add it to a date, or take its days.
RETURN {k: duration({days: 1})} AS x
// NotPortable query:1:36: a path as a value is not portable; use nodes(p) or relationships(p).
MATCH p = (:A)-[:R]->() RETURN {k: p} AS x
// NotPortable query:1:32: PATH in a list is not portable; keep it in a variable.
MATCH p = (:A)-[:R]->() RETURN [p] AS x
// question NotPortable query:1:31: a value that is MAP OR MAP is not portable; use values of one type.
MATCH (a:B {id: 'b0'}) RETURN CASE WHEN a.n > 100 THEN properties(a) ELSE {id: 'x'} END AS x
// question NotPortable query:1:1: grouping by what is LIST OF FLOAT OR INTEGER is not portable; use toFloat() or toString().
UNWIND [[1, 2.5], [1, 2.5]] AS l RETURN DISTINCT l
// NotPortable query:1:32: INTEGER IN LIST OF NODE is not portable; look for scalar values only.
MATCH p = (:A)-[:R]->() RETURN 1 IN nodes(p) AS x
// NotPortable query:1:63: an index into a list without a defined order is not portable; write WITH … ORDER BY with a key before the clause that collects.
MATCH (a:A {id: 'a0'})-[:R]->(b) WITH a, collect(b) AS l WITH l[0] AS x RETURN x.n AS y
// TypeMismatch query:1:20: BOOLEAN + INTEGER is not defined.
MATCH (a:A) RETURN a.b + a.n AS x
// TypeMismatch query:1:20: STRING - INTEGER is not defined.
MATCH (a:A) RETURN a.s - a.n AS x
// TypeMismatch query:1:19: id() OF A NODE + INTEGER is not defined. Use a property that identifies the entity.
MATCH (a:A) WHERE id(a) + 1 > 2 RETURN a.id AS x
// TypeMismatch query:1:19: INTEGER + id() OF A NODE is not defined. Use a property that identifies the entity.
MATCH (a:A) WHERE 1 + id(a) > 2 RETURN a.id AS x
// NotPortable query:1:59: a shortest path whose ends may be one node is not portable; add WHERE a <> b, with names for both ends.
MATCH (a:A {id: 'a1'}), (b:A) WHERE b.id = 'a1' MATCH p = allShortestPaths((a)-[:R*]->(b)) RETURN p
// NotPortable query:1:44: a shortest path whose ends may be one node is not portable; add WHERE a <> b, with names for both ends.
OPTIONAL MATCH (b:B) MATCH (a:A) MATCH p = allShortestPaths((a)-[:S*]->(b)) RETURN p
// NotPortable query:1:82: a shortest path whose ends may be one node is not portable; add WHERE a <> b, with names for both ends.
MATCH (a:A {id: 'a1'}), (b:A {id: 'a2'}) WITH a, b.id AS c MATCH (b:A) MATCH p = allShortestPaths((a)-[:R*]->(b)) RETURN p, c
// NotPortable query:1:57: a shortest path whose ends may be one node is not portable; add WHERE a <> b, with names for both ends.
MATCH (a:A), (b:B) WITH a AS b, b AS c MATCH (d:A), p = allShortestPaths((b)-[:R*]->(d)) RETURN p, c
// NotPortable query:1:49: the type R twice in one | is not portable; name it once.
MATCH (a:A) RETURN a.id AS a, COUNT { (a)-[:R|S|R]->() } AS n
// NotPortable query:1:15: the type R twice in one | is not portable; name it once.
MATCH ()-[:R|:R]->() RETURN count(*) AS n
// NotPortable query:1:20: the type S twice in one | is not portable; name it once.
MATCH (a:A)-[:S|(R|S)*1..2]->(b) RETURN a.id AS a, b.id AS b
// NotPortable query:1:8: reverse() in a query with a range() that may not meet its end is not portable; count down with range() itself.
RETURN reverse(range(3, 10, 4)) AS x
// NotPortable query:1:61: reverse() in a query with a range() that may not meet its end is not portable; count down with range() itself.
MATCH (a:A) WITH a, range(0, a.n, 2) AS r RETURN a.id AS a, reverse(r + [7]) AS x
// NotPortable query:1:35: reverse() in a query with a range() that may not meet its end is not portable; count down with range() itself.
RETURN [r IN [range(20, 1, -6)] | reverse(r)] AS x
// CypherSyntaxError query:1:29: 'OVER' cannot stand here. There are no window functions: collect() the rows in order, then index the list.
MATCH (a:A) RETURN lag(a.n) OVER (ORDER BY a.id) AS x
// CypherSyntaxError query:1:39: 'GROUP' cannot stand here. Leave GROUP BY out: what stands beside an aggregate is what it is grouped by.
MATCH (a:A) RETURN a.n, count(*) AS n GROUP BY a.n
// CypherSyntaxError query:1:23: 'LIKE' cannot stand here. A text is matched by CONTAINS, STARTS WITH, ENDS WITH or =~.
MATCH (a:A) WHERE a.s LIKE '%x%' RETURN a.id
// CypherSyntaxError query:1:23: 'BETWEEN' cannot stand here. Write low <= x AND x <= high.
MATCH (a:A) WHERE a.n BETWEEN 1 AND 2 RETURN a.id
// CypherSyntaxError query:1:23: 'NOT' cannot stand here. NOT stands in front of the condition: NOT x IN list.
MATCH (a:A) WHERE a.s NOT IN ['x'] RETURN a.id
// CypherSyntaxError query:1:35: 'HAVING' cannot stand here. Groups are filtered after WITH: WITH p, count(*) AS n WHERE n > 3.
MATCH (a:A) WITH a, count(*) AS n HAVING n > 3 RETURN a.id
// CypherSyntaxError query:1:1: 'SELECT' cannot stand here. A query is MATCH … WHERE … RETURN ….
SELECT a.id FROM A
// CypherSyntaxError query:1:45: 'NULLS' cannot stand here. Nulls come last, and first with DESC; ORDER BY x IS NULL, x DESC puts them last.
MATCH (a:A) RETURN a.n AS n ORDER BY n DESC NULLS LAST
// NotPortable query:1:1: CYPHER is not portable; leave the version out: the subset means the same in all of them.
CYPHER 25 MATCH (a:A) RETURN a.id
// NotPortable query:1:1: SHOW is not portable; use graphchannel schema for labels, types and properties.
SHOW INDEXES
// NotPortable query:1:24: IS :: is not portable; the schema tells the types; leave it out.
MATCH (a:A) RETURN a.s IS :: STRING AS x
// NotPortable query:1:20: apoc.coll.sort() is not portable; UNWIND the list, then WITH x ORDER BY x and collect(x).
MATCH (a:A) RETURN apoc.coll.sort(a.li) AS x
// NotPortable query:1:20: apoc.text.levenshteinDistance() is not portable; it is an extension; say it in Cypher's own words.
MATCH (a:A) RETURN apoc.text.levenshteinDistance(a.s, a.t) AS x
// NotPortable query:1:20: coll.max() is not portable; UNWIND the list, then use the aggregate.
MATCH (a:A) RETURN coll.max(a.li) AS x
// UnknownName query:1:20: The function 'median' is unknown. In Cypher this is percentileCont(x, 0.5).
MATCH (a:A) RETURN median(a.n) AS x
// UnknownName query:1:20: The function 'datediff' is unknown. In Cypher this is duration.inDays(a, b).days.
MATCH (a:A) RETURN datediff(a.d, a.e) AS x
// UnknownName query:1:10: The label 'Distributor' is unknown. There are: A, A1, A2, B, C.
MATCH (a:Distributor) RETURN a.id
// TypeMismatch query:1:20: This needs a list, it is STRING. Of a text, write substring(text, start, length).
MATCH (a:A) RETURN a.s[0..3] AS x
// NotPortable query:1:56: max() of durations is not portable; take their days: max(d.days).
MATCH (a:A) WITH duration.inDays(a.d, a.e) AS x RETURN max(x) AS y
// NotPortable query:1:18: point() is not portable; a point stands where a distance is asked for: point.distance(point({latitude: …, longitude: …}), point({…})).
MATCH (a:A) WITH point({latitude: a.f, longitude: a.g}) AS p RETURN p
// NotPortable query:1:35: a point other than point({latitude: …, longitude: …}) in point.distance() is not portable; write it there.
MATCH (a:A) RETURN point.distance(point({x: 1, y: 2}), point({x: 3, y: 4})) AS d
// NotPortable query:1:20: distance() is not portable; write point.distance(point({latitude: …, longitude: …}), point({…})).
MATCH (a:A) RETURN distance(a.f, a.g) AS d
// TypeMismatch query:1:35: A latitude is a number, this is STRING.
MATCH (a:A) RETURN point.distance(point({latitude: 'x', longitude: 2}), point({latitude: 1, longitude: 2})) AS d
