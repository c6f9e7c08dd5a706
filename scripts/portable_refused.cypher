// What docs/portable-cypher.md shows as refused, each with the message that it gets.

MATCH (p:Partner) SET p.name = 'x';

CALL db.labels();

MATCH (p:Partnr)
RETURN p.id AS p;

MATCH (p:Partner)
RETURN p.nme AS n;

MATCH (p:Partner)
WHERE p.employees = '12'
RETURN p.id AS p;

MATCH ()-[s:SUPPLIED]->()
WHERE s.shipped_on > '2024-01-01'
RETURN s.id AS s;

MATCH (p:Partner)
WHERE p.employees
RETURN p.id AS p;

MATCH (p:Partner)
RETURN (p)-[:OFFERS]->() AS offers;

MATCH (p:Partner)
WHERE p.name =~ '(?<!A)B'
RETURN p.id AS p;

MATCH (p:Partner)
RETURN p.id AS p LIMIT 5;

MATCH (p:Partner)
RETURN p.id AS p, p.country AS country ORDER BY country LIMIT 5;

MATCH (p:Partner)
RETURN head(collect(p.id)) AS some;

MATCH (p:Partner)
RETURN p.employees + count(*) AS n;

RETURN [1, {a: 1}] AS mixed;

RETURN datetime() AS now;

RETURN date('2024-02-01') - date('2024-01-01') AS d;

MATCH (a:Vendor)((x)-[r:SUPPLIED]->(y) WHERE x.country <> y.country){1,2}(b) RETURN b.id AS b;

MATCH (p:Partner)
RETURN percentileCont(p.employees, 0.5) AS median;
