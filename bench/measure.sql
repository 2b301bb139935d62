-- What measures: functions that run statements, in turns where they are
-- compared, and print the lines of a table.  Read by bench/navigation.sql and
-- bench/tree.sql.

CREATE SCHEMA measure;

-- A plan without costs.
CREATE FUNCTION measure.plan(statement text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    line text;
    result text := '';
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || statement LOOP
        result := result || line || E'\n';
    END LOOP;
    RETURN result;
END
$$;

-- The same with aliases by number, in the order of the plan, and the two sides
-- of a comparison in the order of the alphabet.
CREATE FUNCTION measure.normal_plan(statement text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    result text := measure.plan(statement);
    alias text;
    sides text[];
    n int := 0;
BEGIN
    FOR alias IN
        SELECT m[1] FROM regexp_matches(result, 'Scan .*?on \w+ (\w+)$', 'gn') m
    LOOP
        n := n + 1;
        result := regexp_replace(result, '\m' || alias || '\M(?=\.|$)', 'a#' || n, 'gn');
    END LOOP;
    FOR sides IN
        SELECT DISTINCT m FROM regexp_matches(result, '\((\S+) = (\S+)\)', 'g') m WHERE m[1] > m[2]
    LOOP
        result := replace(result, format('(%s = %s)', VARIADIC sides), format('(%2$s = %1$s)', VARIADIC sides));
    END LOOP;
    RETURN result;
END
$$;

-- One sample, in ms, as EXPLAIN says it: of the execution or of the planning.
CREATE FUNCTION measure.sample(statement text, part text, OUT ms float, OUT nrows float)
LANGUAGE plpgsql AS $$
DECLARE
    explained json;
BEGIN
    EXECUTE 'EXPLAIN (FORMAT JSON, SUMMARY'
            || CASE part WHEN 'Execution Time' THEN ', ANALYZE, TIMING OFF) ' ELSE ') ' END || statement
       INTO explained;
    ms := explained -> 0 ->> part;
    nrows := explained -> 0 -> 'Plan' ->> 'Actual Rows';
END
$$;

CREATE FUNCTION measure.quantile(at float, VARIADIC vals float[]) RETURNS float
LANGUAGE sql AS 'SELECT percentile_cont(at) WITHIN GROUP (ORDER BY v) FROM unnest(vals) v';

-- The mean of the faster half: what the machine did meanwhile is in the other.
CREATE FUNCTION measure.faster_half(samples float[]) RETURNS float
LANGUAGE sql AS $$
    SELECT avg(s) FROM unnest(samples) s WHERE s <= measure.quantile(0.5, VARIADIC samples)
$$;

CREATE FUNCTION measure.planning(statement text, n int) RETURNS float
LANGUAGE plpgsql AS $$
DECLARE
    samples float[];
BEGIN
    FOR i IN 1..n LOOP
        samples[i] := (measure.sample(statement, 'Planning Time')).ms;
    END LOOP;
    RETURN measure.faster_half(samples);
END
$$;

-- A line of the table.
CREATE FUNCTION measure.line(what text, ours float, theirs float, result float, low float, high float,
                             bar float, note text DEFAULT '') RETURNS text
LANGUAGE sql AS $$
    SELECT rtrim(format('  %-54s %9s %9s %7s  %-11s %6s %-4s %s', what,
                        round(ours::numeric, 3), round(theirs::numeric, 3), round(result::numeric, 3),
                        round(low::numeric, 2) || '-' || round(high::numeric, 2), coalesce(bar::text, ''),
                        CASE WHEN result <= bar THEN 'met' WHEN result > bar THEN 'NOT' ELSE '' END, note))
$$;

-- Which of these statements is the fastest?
CREATE FUNCTION measure.fastest(VARIADIC statements text[]) RETURNS int
LANGUAGE plpgsql AS $$
DECLARE
    times float[] := '{}';
    samples float[];
    best int;
    name text;
BEGIN
    FOR i IN 1..cardinality(statements) LOOP
        EXECUTE 'PREPARE candidate (int) AS ' || statements[i];
        samples := '{}';
        FOR j IN 1..3 LOOP
            samples := samples || (measure.sample('EXECUTE candidate (17)', 'Execution Time')).ms;
        END LOOP;
        DEALLOCATE candidate;
        times := times || measure.quantile(0.5, VARIADIC samples);
    END LOOP;
    RETURN (SELECT i FROM unnest(times) WITH ORDINALITY AS t (ms, i) ORDER BY ms LIMIT 1);
END
$$;

-- Run two prepared statements in turns, and return a line of the table.  $1 in
-- them is another key each time, up to "keys".  What takes less than 6 ms is
-- run several times for each pair, of which the faster half counts.  measure.*
-- are set by bench/navigation.
CREATE FUNCTION measure.compare(what text, bar float, ours text, theirs text, keys int DEFAULT 1,
                                note text DEFAULT NULL, same_plan boolean DEFAULT true) RETURNS SETOF text
LANGUAGE plpgsql AS $$
DECLARE
    min_pairs int := current_setting('measure.pairs');
    seconds float := current_setting('measure.seconds');
    show boolean := current_setting('measure.show');
    is_same boolean;
    calls int := 1;
    call int := 0;
    key int;
    a record;
    b record;
    calls_a float[];
    calls_b float[];
    times_a float[] := '{}';
    times_b float[] := '{}';
    ratios float[] := '{}';
    started timestamptz;
BEGIN
    EXECUTE 'PREPARE a (int) AS ' || ours;
    EXECUTE 'PREPARE b (int) AS ' || theirs;
    is_same := measure.normal_plan('EXECUTE a (17)') = measure.normal_plan('EXECUTE b (17)');

    FOR i IN 1..3 LOOP
        a := measure.sample('EXECUTE a (17)', 'Execution Time');
        b := measure.sample('EXECUTE b (17)', 'Execution Time');
    END LOOP;
    calls := least(50, ceil(6 / greatest(b.ms, 0.01)));

    started := clock_timestamp();
    WHILE cardinality(ratios) < min_pairs OR clock_timestamp() < started + seconds * interval '1 s' LOOP
        calls_a := '{}';
        calls_b := '{}';
        FOR i IN 1..calls LOOP
            call := call + 1;
            key := 1 + call::bigint * 7919 % keys;
            IF call % 2 = 0 THEN
                a := measure.sample(format('EXECUTE a (%s)', key), 'Execution Time');
                b := measure.sample(format('EXECUTE b (%s)', key), 'Execution Time');
            ELSE
                b := measure.sample(format('EXECUTE b (%s)', key), 'Execution Time');
                a := measure.sample(format('EXECUTE a (%s)', key), 'Execution Time');
            END IF;
            IF a.nrows <> b.nrows THEN
                RAISE EXCEPTION '%: % rows, by hand %', what, a.nrows, b.nrows;
            END IF;
            calls_a := calls_a || a.ms;
            calls_b := calls_b || b.ms;
        END LOOP;
        times_a := times_a || measure.faster_half(calls_a);
        times_b := times_b || measure.faster_half(calls_b);
        ratios := ratios || times_a[cardinality(times_a)] / times_b[cardinality(times_b)];
    END LOOP;

    RETURN NEXT measure.line(what, measure.quantile(0.5, VARIADIC times_a), measure.quantile(0.5, VARIADIC times_b),
                             measure.quantile(0.5, VARIADIC ratios), measure.quantile(0.25, VARIADIC ratios),
                             measure.quantile(0.75, VARIADIC ratios), bar,
                             concat_ws(', ', CASE WHEN is_same THEN 'same plan' WHEN same_plan THEN 'OTHER PLAN' END,
                                       note));
    IF show THEN
        RETURN NEXT 'relnav:  ' || ours;
        RETURN NEXT 'by hand: ' || theirs;
        RETURN NEXT CASE WHEN is_same THEN '' ELSE measure.plan('EXECUTE a (17)') || '---' || E'\n' END
            || measure.plan('EXECUTE b (17)');
    END IF;
    DEALLOCATE a;
    DEALLOCATE b;
END
$$;

-- The same for planning: ms more, for each hop.
CREATE FUNCTION measure.compare_planning(what text, bar float, hops int, ours text, theirs text) RETURNS SETOF text
LANGUAGE plpgsql AS $$
DECLARE
    times_a float[] := '{}';
    times_b float[] := '{}';
    more float[] := '{}';
    a float;
    b float;
BEGIN
    FOR i IN 1..200 LOOP
        a := (measure.sample(ours, 'Planning Time')).ms;
        b := (measure.sample(theirs, 'Planning Time')).ms;
        CONTINUE WHEN i <= 5;
        times_a := times_a || a;
        times_b := times_b || b;
        more := more || (a - b) / hops;
    END LOOP;
    RETURN NEXT measure.line(what, measure.quantile(0.5, VARIADIC times_a), measure.quantile(0.5, VARIADIC times_b),
                             measure.quantile(0.5, VARIADIC more), measure.quantile(0.25, VARIADIC more),
                             measure.quantile(0.75, VARIADIC more), bar);
    IF current_setting('measure.show')::boolean THEN
        RETURN NEXT 'relnav:  ' || ours;
        RETURN NEXT 'by hand: ' || theirs;
    END IF;
END
$$;
