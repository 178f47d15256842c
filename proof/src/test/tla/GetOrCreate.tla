------------------------------ MODULE GetOrCreate ------------------------------
(* The protocol for one key; docs/protocol.md says it in words. Keys do not meet, so one is enough.

   What is one step here is one atomic step there: a command at the server, a statement in the database, a message taken
   off a connection, a compare and set in the local map. Slow, stopped and suspended threads need no action: any step may
   come arbitrarily late. Time is counted, in ticks, only where it is promised (I5). That a lease ends is a step that may
   come at any time, so leases that run out early and wrong clocks are in the model.

   Broken names deliberate breaks; for each, ProtocolMutantsIT expects the violation that it must lead to. *)
EXTENDS Naturals, Sequences, FiniteSets

CONSTANTS Procs,
          First, Second,  \* processes with a caller; with a second one
          Calls,          \* how often each caller calls
          MaxStaleness,   \* in ticks; 0: nothing is ever kept locally
          Changes,        \* 1: the row may be changed once, and the key invalidated
          Faults, Budget, \* which faults may happen, and how many in all
          Broken, None

VARIABLES rows, era,               \* the database: committed rows <<era, maker>>; how often it was changed
          store, tracks, wire,     \* the shared store; whom it will tell of a change; what it sent to each process
          replica, late,           \* what a failover brings back; commands that may be executed after their time-out
          conn, word, ping,        \* who is connected; ticks for which its connection vouches; age of a PING under way
          linked, entry,           \* the local store: the flight at the key; what has landed there
          t,                       \* each caller, and the flight that it leads
          dead, frozen, inv, since,\* processes; the invalidation; ticks since its DEL
          faults, said, runs, bad  \* history: faults so far, rows said to be CREATED, creators run, broken promises

db == <<rows, era>>
server == <<store, tracks, wire>>
away == <<replica, late>>
links == <<conn, word, ping>>
local == <<linked, entry>>
env == <<dead, frozen, inv, since>>
past == <<said, runs, bad>>
vars == <<db, server, away, links, local, t, env, faults, past>>

Callers == (First \X {1}) \cup (Second \X {2})
Stored(kind, tok, val) == [kind |-> kind, tok |-> tok, val |-> val]
Nil == Stored("nil", None, None)
Message(kind, to, got) == [kind |-> kind, to |-> to, got |-> got]
Push == Message("push", None, None)
Idle(n) == [pc |-> "idle", n |-> n, mark |-> "pending", val |-> None, src |-> None, claim |-> FALSE, got |-> None,
            waited |-> {}, of |-> None, left |-> 0, alone |-> FALSE, old |-> FALSE]
Token(c) == <<c, t[c].n>>  \* a new one for each call
Joiners(c) == {d \in Callers : t[d].pc = "joined" /\ t[d].of = c}
At(c, pcs) == t[c].pc \in pcs /\ c[1] \notin dead \cup frozen
Up(p) == p \notin dead \cup frozen
IsOwn(c) == store.kind = "claim" /\ store.tok = Token(c)
Unlinked(c) == [linked EXCEPT ![c[1]] = IF @ = c THEN None ELSE @]
Fault(f) == f \in Faults /\ faults < Budget /\ faults' = faults + 1
Min(a, b) == IF a < b THEN a ELSE b
Less(n) == IF n = 0 THEN 0 ELSE n - 1

(* An entry is served while its own deadline holds, and the word of the connection that it was read on. *)
Servable(p) == entry[p] # None /\ entry[p].left > 0 /\ (entry[p].vouched => word[p] > 0)

(* A write tells those who track the key, once. A read behind it registers its reader again. *)
Told(p) == IF p \in tracks THEN Append(wire[p], Push) ELSE wire[p]
Write(new) == store' = new /\ wire' = [p \in Procs |-> Told(p)] /\ tracks' = {}
WriteAndRead(new, p, answer) ==
  /\ store' = new /\ wire' = [q \in Procs |-> IF q = p THEN Append(Told(q), answer) ELSE Told(q)]
  /\ tracks' = IF "no GET behind the write" \in Broken THEN {} ELSE {p}
Read(p, answer) == wire' = [wire EXCEPT ![p] = Append(@, answer)] /\ tracks' = tracks \cup {p} /\ UNCHANGED store
Release(c, left) == IF IsOwn(c) /\ c[1] \in conn THEN Write(left) ELSE UNCHANGED server
Direct(c) == [t[c] EXCEPT !.pc = "find", !.claim = FALSE, !.got = None]

(* The flight of c has its answer, for its leader and for those who joined. It becomes the local entry if it is still
   linked and the fence allows: "vouched", a record passed on the wire and no change since; "found", read in the database
   with no connection to vouch for it, for a limited time; "no". *)
Land(c, val, src, keep) ==
  LET p == c[1]
      answered == {c} \cup Joiners(c)
      mark == IF "fence in the caller's thread" \in Broken /\ keep = "vouched" THEN "open" ELSE t[c].mark
      open == (keep = "vouched" /\ mark = "open") \/ (keep = "found" /\ mark \in {"pending", "open"})
      kept == linked[p] = c /\ keep # "no" /\ (open \/ "no fence" \in Broken)
      left == IF keep = "vouched" \/ "deadline from after the find" \in Broken THEN MaxStaleness ELSE t[c].left
      twice == src = "CREATED" /\ (val \in said \/ ("joiner says CREATED" \in Broken /\ Joiners(c) # {}))
  IN /\ entry' = IF kept THEN [entry EXCEPT ![p] = [val |-> val, left |-> left, vouched |-> keep = "vouched"]] ELSE entry
     /\ linked' = Unlinked(c)
     /\ t' = [d \in Callers |-> IF d \in answered THEN Idle(t[d].n) ELSE t[d]]
     /\ said' = said \cup (IF src = "CREATED" THEN {val} ELSE {})
     /\ bad' = bad \cup (IF val[1] > era THEN {"I2"} ELSE {}) \cup (IF twice THEN {"I3"} ELSE {})
     /\ UNCHANGED runs

(* The flight of c ends without an answer. Its joiners end with it ("idle"), or resolve anew ("call"). *)
End(c, joiners) ==
  /\ linked' = Unlinked(c) /\ UNCHANGED entry
  /\ t' = [d \in Callers |-> IF d = c \/ (d \in Joiners(c) /\ joiners = "idle") THEN Idle(t[d].n)
                             ELSE IF d \in Joiners(c) THEN [t[d] EXCEPT !.pc = "call", !.of = None] ELSE t[d]]

--------------------------------------------------------------------------------
(* ONE RESOLUTION. *)
Enter(c) == LET p == c[1]
                begun == IF t[c].pc = "call" THEN t[c] ELSE Idle(t[c].n + 1) IN
  /\ At(c, {"idle", "call"}) /\ (t[c].pc = "idle" => t[c].n < Calls)
  /\ CASE Servable(p) -> t' = [t EXCEPT ![c] = Idle(begun.n)] /\ UNCHANGED <<local, bad>>
       [] ~Servable(p) /\ linked[p] # None ->
            /\ t' = [t EXCEPT ![c] = [begun EXCEPT !.pc = "joined", !.of = linked[p]]]
            /\ bad' = bad \cup (IF t[linked[p]].old THEN {"I4"} ELSE IF t[linked[p]].mark = "stale" THEN {"I5"} ELSE {})
            /\ UNCHANGED local
       [] OTHER -> /\ t' = [t EXCEPT ![c] = [begun EXCEPT !.pc = "look"]] /\ UNCHANGED bad
                   /\ linked' = [linked EXCEPT ![p] = c] /\ entry' = [entry EXCEPT ![p] = None]
  /\ UNCHANGED <<db, server, away, links, env, faults, said, runs>>

Look(c) ==
  /\ At(c, {"look"})
  /\ IF c[1] \in conn THEN Read(c[1], Message("reply", Token(c), store)) /\ t' = [t EXCEPT ![c].pc = "looking"]
                      ELSE t' = [t EXCEPT ![c] = Direct(c)] /\ UNCHANGED server
  /\ UNCHANGED <<db, away, links, local, env, faults, past>>

Claim(c) ==
  /\ At(c, {"claim"})
  /\ IF c[1] \notin conn THEN t' = [t EXCEPT ![c] = Direct(c)] /\ UNCHANGED server
     ELSE /\ t' = [t EXCEPT ![c].pc = "looking"]
          /\ IF store.kind \in {"nil", "mark"}
             THEN WriteAndRead(Stored("claim", Token(c), None), c[1],
                               Message("reply", Token(c), Stored("granted", None, None)))
             ELSE Read(c[1], Message("reply", Token(c), store))
  /\ UNCHANGED <<db, away, links, local, env, faults, past>>

Find(c) ==
  /\ At(c, {"find"})
  /\ \/ rows = {} /\ t' = [t EXCEPT ![c].pc = "create", ![c].left = MaxStaleness]
     \/ \E row \in rows : t' = [t EXCEPT ![c].pc = "made", ![c].left = MaxStaleness, ![c].val = row, ![c].src = "FOUND"]
  /\ UNCHANGED <<db, server, away, links, local, env, faults, past>>

Create(c) ==
  /\ At(c, {"create"})
  /\ t' = [t EXCEPT ![c].pc = "insert", ![c].val = <<Changes + 1, c>>]  \* of no era: a candidate
  /\ runs' = Min(runs + 1, 2)
  /\ UNCHANGED <<db, server, away, links, local, env, faults, said, bad>>

Commit(c) == \/ (rows = {} \/ "no constraint" \in Broken) /\ rows' = rows \cup {<<era, c>>}
             \/ rows # {} /\ UNCHANGED rows

Insert(c) ==
  /\ At(c, {"insert"}) /\ Commit(c)
  /\ \E row \in rows' :
       t' = [t EXCEPT ![c].pc = "made", ![c].src = IF row \in rows THEN "ADOPTED" ELSE "CREATED",
                      ![c].val = IF row \in rows /\ "loser keeps its candidate" \in Broken THEN @ ELSE row]
  /\ UNCHANGED <<era, server, away, links, local, env, faults, past>>

(* The answer of the insert is lost, and nobody can tell whether it was committed. *)
LoseInsert(c) ==
  /\ At(c, {"insert"}) /\ Fault("lost insert") /\ (UNCHANGED rows \/ Commit(c))
  /\ t' = [t EXCEPT ![c].pc = "recover"]
  /\ UNCHANGED <<era, server, away, links, local, env, past>>

Recover(c) ==
  /\ At(c, {"recover"})
  /\ \/ rows = {} /\ t' = [t EXCEPT ![c].pc = "insert"]
     \/ \E row \in rows : t' = [t EXCEPT ![c].pc = "made", ![c].val = row,
          ![c].src = IF "recovered says CREATED" \in Broken THEN "CREATED" ELSE "RECOVERED"]
  /\ UNCHANGED <<db, server, away, links, local, env, faults, past>>

MayPublish(c) == c[1] \in conn /\ (t[c].claim \/ "publish under a claim never confirmed" \in Broken)

Publish(c) ==
  /\ At(c, {"made"}) /\ MayPublish(c)
  /\ IF IsOwn(c) \/ "publish without compare" \in Broken
     THEN WriteAndRead(Stored("record", None, t[c].val), c[1],
                       Message("reply", Token(c), Stored("published", None, None)))
     ELSE Read(c[1], Message("reply", Token(c), Stored("rejected", None, None)))
  /\ t' = [t EXCEPT ![c].pc = "publishing"]
  /\ UNCHANGED <<db, away, links, local, env, faults, past>>

(* The leader's thread wakes, at some time after its answer passed on the wire. *)
LandRead(c) == LET got == t[c].got IN
  /\ At(c, {"looking", "publishing"}) /\ got # None
  /\ Land(c, IF got.kind = "record" THEN got.val ELSE t[c].val, IF got.kind = "record" THEN "SHARED" ELSE t[c].src,
          IF got.kind = "rejected" THEN "no" ELSE "vouched")
  /\ UNCHANGED <<db, server, away, links, env, faults>>

(* Nothing to publish under, or nowhere: what the arbiter said answers all the same. *)
LandFound(c) ==
  /\ At(c, {"made"}) /\ ~MayPublish(c) /\ Land(c, t[c].val, t[c].src, "found")
  /\ UNCHANGED <<db, server, away, links, env, faults>>

FailAsWaiter(c) ==
  /\ At(c, {"failing"}) /\ End(c, "idle")
  /\ UNCHANGED <<db, server, away, links, env, faults, past>>

(* The store tells nobody in time that a lease ended, so a waiter looks again when the claim must have ended. *)
WakeAtTheEnd(c) ==
  /\ At(c, {"waiting"}) /\ "waits for pushes only" \notin Broken
  /\ ~(store.kind = "claim" /\ store.tok \in t[c].waited)
  /\ t' = [t EXCEPT ![c].pc = "look"]
  /\ UNCHANGED <<db, server, away, links, local, env, faults, past>>

(* A renewal is refused: somebody else may be creating, so whoever comes later does not join. *)
LoseClaim(c) == LET again == "renewal after loss" \in Broken IN
  /\ At(c, {"find", "create", "insert", "recover", "made"})
  /\ t[c].claim /\ ~IsOwn(c) /\ c[1] \in conn /\ linked[c[1]] = c
  /\ IF again /\ store.kind = "nil" THEN Write(Stored("claim", Token(c), None)) ELSE UNCHANGED server
  /\ linked' = IF again THEN linked ELSE Unlinked(c)
  /\ UNCHANGED <<db, away, links, entry, t, env, faults, past>>

Renewed == store.kind = "claim" /\ LET c == store.tok[1] IN
  Up(c[1]) /\ Token(c) = store.tok /\ (t[c].claim \/ t[c].pc = "looking")
Expire ==
  /\ store # Nil /\ store' = Nil
  /\ IF Renewed THEN Fault("early expiry") ELSE UNCHANGED faults
  /\ store.kind = "claim" => "claims without a lease" \notin Broken
  /\ UNCHANGED <<db, tracks, wire, away, links, local, t, env, past>>

--------------------------------------------------------------------------------
(* THE WIRE. *)
(* What a reply means is decided where it passes: a record opens the flight's mark; a waiter sleeps on what it has seen
   there, so no later push is slept over. *)
Replied(c, n, got) == LET f == t[c] IN
  [t EXCEPT ![c] = IF f.n # n \/ f.pc = "idle" THEN f ELSE
    [f EXCEPT !.mark = IF got.kind \in {"record", "published"} /\ @ = "pending" THEN "open" ELSE @,
              !.got = IF f.pc \in {"looking", "publishing"} /\ got.kind \in {"record", "published", "rejected"} THEN got ELSE @,
              !.waited = IF f.pc = "looking" /\ got.kind = "claim" THEN @ \cup {got.tok} ELSE @,
              !.claim = @ \/ (f.pc = "looking" /\ got.kind = "granted"),
              !.pc = IF f.pc # "looking" THEN @ ELSE
                     CASE got.kind = "nil" -> "claim"
                       [] got.kind = "mark" -> IF got.tok \in f.waited THEN "failing" ELSE "claim"
                       [] got.kind = "claim" -> "waiting"
                       [] got.kind = "granted" -> "find"
                       [] OTHER -> @]]

(* A change: an entry is removed; a flight that has read answers its callers, but is unlinked and kept by nobody. *)
Changed(p) ==
  /\ t' = [c \in Callers |-> IF c[1] # p THEN t[c] ELSE
             [t[c] EXCEPT !.mark = IF @ = "open" THEN "stale" ELSE @, !.pc = IF @ = "waiting" THEN "look" ELSE @]]
  /\ entry' = [entry EXCEPT ![p] = None]
  /\ linked' = [linked EXCEPT ![p] =
       IF @ # None /\ t[@].mark = "open" /\ "stale flight still joined" \notin Broken THEN None ELSE @]

(* An own invalidation: nobody joins what began before it, and what that reads is kept by nobody. *)
Forget(p) ==
  /\ entry' = [entry EXCEPT ![p] = None]
  /\ linked' = [linked EXCEPT ![p] = IF "invalidate forgets the flights" \in Broken THEN @ ELSE None]
Spoiled(p, old) ==
  [c \in Callers |-> IF c[1] # p \/ t[c].pc = "idle" THEN t[c] ELSE
     [t[c] EXCEPT !.mark = IF "invalidate forgets the flights" \in Broken THEN @ ELSE "stale", !.old = old]]

Deliver(p) == LET m == Head(wire[p])
                  age == IF "PONG counts from its answer" \in Broken THEN 0 ELSE Min(ping[p], MaxStaleness) IN
  /\ wire[p] # <<>> /\ Up(p) /\ wire' = [wire EXCEPT ![p] = Tail(@)]
  /\ CASE m.kind = "reply" -> t' = Replied(m.to[1], m.to[2], m.got) /\ UNCHANGED <<local, word, ping, inv>>
       [] m.kind = "push" -> Changed(p) /\ UNCHANGED <<word, ping, inv>>
       [] m.kind = "pong" -> /\ word' = [word EXCEPT ![p] = IF @ > MaxStaleness - age THEN @ ELSE MaxStaleness - age]
                             /\ ping' = [ping EXCEPT ![p] = None] /\ UNCHANGED <<local, t, inv>>
       [] m.kind = "deleted" -> /\ Forget(p) /\ t' = Spoiled(p, TRUE) /\ inv' = [inv EXCEPT !.step = "confirmed"]
                                /\ UNCHANGED <<word, ping>>
  /\ UNCHANGED <<db, store, tracks, away, conn, dead, frozen, since, faults, past>>

Ping(p) ==
  /\ p \in conn /\ Up(p) /\ ping[p] = None /\ entry[p] # None
  /\ ping' = [ping EXCEPT ![p] = 0] /\ wire' = [wire EXCEPT ![p] = Append(@, Message("pong", None, None))]
  /\ UNCHANGED <<db, store, tracks, away, conn, word, local, t, env, faults, past>>

(* Before the DEL nothing is too old, and after it nothing gets younger: so time passes from then on. *)
Tick ==
  /\ since # None /\ since <= MaxStaleness /\ since' = since + 1
  /\ word' = [p \in Procs |-> Less(word[p])]
  /\ ping' = [p \in Procs |-> IF ping[p] = None THEN None ELSE Min(ping[p] + 1, MaxStaleness)]
  /\ entry' = [p \in Procs |-> IF entry[p] = None THEN None ELSE [entry[p] EXCEPT !.left = Less(@)]]
  /\ t' = [c \in Callers |-> [t[c] EXCEPT !.left = Less(@)]]
  /\ UNCHANGED <<db, server, away, conn, linked, dead, frozen, inv, faults, past>>

--------------------------------------------------------------------------------
(* THE ROW IS CHANGED, AND ITS KEY INVALIDATED. *)
Change(p) ==
  /\ Up(p) /\ era < Changes /\ era' = era + 1 /\ rows' \in {{}, {<<era + 1, None>>}}
  /\ inv' = [by |-> p, step |-> "changed"] /\ Forget(p) /\ t' = Spoiled(p, FALSE)
  /\ UNCHANGED <<server, away, links, dead, frozen, since, faults, past>>

(* Again after a lost connection. 'since' counts from the first one that was executed. *)
Delete(p) ==
  /\ Up(p) /\ p \in conn /\ inv # None /\ inv.by = p /\ inv.step = "changed"
  /\ store' = Nil /\ tracks' = {} /\ since' = IF since = None THEN 0 ELSE since
  /\ wire' = [q \in Procs |-> IF q = p THEN Append(Told(q), Message("deleted", None, None)) ELSE Told(q)]
  /\ replica' = IF "failover loses the DEL" \in Broken THEN replica ELSE Nil
  /\ inv' = [inv EXCEPT !.step = "sent"]
  /\ UNCHANGED <<db, late, links, local, t, dead, frozen, faults, past>>

--------------------------------------------------------------------------------
(* FAULTS. *)
(* The creator, or the database, is too slow: only the leader stays with it, and it may stay for ever. *)
Overdue(c) == LET keeps == "overdue keeps its claim" \in Broken IN
  /\ At(c, {"find", "create", "insert", "recover"}) /\ linked[c[1]] = c /\ Fault("overdue")
  /\ IF keeps THEN UNCHANGED server ELSE Release(c, Nil)
  /\ linked' = Unlinked(c)
  /\ t' = [d \in Callers |->
       IF d = c THEN [t[d] EXCEPT !.alone = TRUE, !.claim = keeps, !.mark = "stale"]
       ELSE IF d \in Joiners(c) THEN [t[d] EXCEPT !.pc = "call", !.of = None] ELSE t[d]]
  /\ UNCHANGED <<db, away, links, entry, env, past>>

(* The creator fails, and with it who joined or waited. Or its thread is interrupted, which is its own affair. *)
Fail(c) ==
  /\ At(c, {"create"}) /\ Fault("fail")
  /\ \/ Release(c, Stored("mark", Token(c), None)) /\ End(c, "idle")
     \/ Release(c, Nil) /\ End(c, "call")
  /\ UNCHANGED <<db, away, links, env, past>>

(* A command is not answered in time. It may have been executed, may be later, or never. *)
TimeOut(c) ==
  /\ At(c, {"look", "claim", "looking"}) /\ t[c].got = None /\ Fault("time-out")
  /\ late' = late \cup (IF t[c].pc = "claim" THEN {Stored("claim", Token(c), None)} ELSE {})
  /\ t' = [t EXCEPT ![c] = Direct(c)]
  /\ UNCHANGED <<db, server, replica, links, local, env, past>>

TimeOutPublish(c) ==
  /\ At(c, {"made", "publishing"}) /\ t[c].claim /\ t[c].got = None /\ Fault("time-out")
  /\ late' = late \cup (IF t[c].pc = "made" THEN {Stored("record", Token(c), t[c].val)} ELSE {})
  /\ Land(c, t[c].val, t[c].src, "found")
  /\ UNCHANGED <<db, server, replica, links, env>>

ExecuteLate ==
  \E m \in late :
    /\ late' = late \ {m}
    /\ \/ m.kind = "claim" /\ store.kind = "nil" /\ Write(m)
       \/ m.kind = "record" /\ store.kind = "claim" /\ store.tok = m.tok /\ Write([m EXCEPT !.tok = None])
    /\ UNCHANGED <<db, replica, links, local, t, env, faults, past>>

(* A caller's time is over: it goes to the arbiter itself. *)
WaitOver(c) ==
  /\ At(c, {"joined", "waiting"}) /\ Fault("wait over")
  /\ t' = [t EXCEPT ![c] = [Direct(c) EXCEPT !.of = None]]
  /\ UNCHANGED <<db, server, away, links, local, env, past>>

(* The connections of these processes end. Nothing read over them is vouched for any more. *)
Cut(ps) == LET ends(p) == p \in ps /\ "reply of an old epoch stored" \notin Broken IN
  /\ conn' = conn \ ps /\ tracks' = tracks \ ps
  /\ wire' = [p \in Procs |-> IF p \in ps THEN <<>> ELSE wire[p]]
  /\ word' = [p \in Procs |-> IF p \in ps THEN 0 ELSE word[p]]
  /\ ping' = [p \in Procs |-> IF p \in ps THEN None ELSE ping[p]]
  /\ inv' = IF inv # None /\ inv.by \in ps /\ inv.step = "sent" THEN [inv EXCEPT !.step = "changed"] ELSE inv
  /\ entry' = [p \in Procs |-> IF ends(p) /\ entry[p] # None /\ entry[p].vouched THEN None ELSE entry[p]]
  /\ t' = [c \in Callers |-> IF c[1] \notin ps THEN t[c] ELSE
       CASE t[c].pc \in {"looking", "waiting"} /\ t[c].got = None -> Direct(c)
         [] t[c].pc = "publishing" /\ t[c].got = None -> [t[c] EXCEPT !.pc = "made", !.claim = FALSE]
         [] OTHER -> [t[c] EXCEPT !.mark = IF @ = "open" /\ ends(c[1]) THEN "ended" ELSE @]]

Lose(p) == /\ p \in conn /\ Fault("lost connection") /\ Cut({p})
           /\ UNCHANGED <<db, store, away, linked, dead, frozen, since, past>>
Connect(p) == /\ p \notin conn /\ Up(p) /\ conn' = conn \cup {p} /\ word' = [word EXCEPT ![p] = MaxStaleness]
              /\ UNCHANGED <<db, server, away, ping, local, t, env, faults, past>>
Crash(p) == /\ p \notin dead /\ Fault("crash") /\ dead' = dead \cup {p}
            /\ conn' = conn \ {p} /\ tracks' = tracks \ {p} /\ wire' = [wire EXCEPT ![p] = <<>>]
            /\ word' = [word EXCEPT ![p] = 0] /\ ping' = [ping EXCEPT ![p] = None]
            /\ linked' = [linked EXCEPT ![p] = None] /\ entry' = [entry EXCEPT ![p] = None]
            /\ t' = [c \in Callers |-> IF c[1] = p THEN Idle(Calls) ELSE t[c]]
            /\ UNCHANGED <<db, store, away, frozen, inv, since, past>>
Freeze(p) == Up(p) /\ Fault("freeze") /\ frozen' = frozen \cup {p}
             /\ UNCHANGED <<db, server, away, links, local, t, dead, inv, since, past>>
Thaw(p) == p \in frozen /\ frozen' = frozen \ {p}
           /\ UNCHANGED <<db, server, away, links, local, t, dead, inv, since, faults, past>>

(* The store forgets all, and says so. Or another one takes over, with what it had got so far. *)
Flush == /\ store # Nil /\ Fault("flush") /\ store' = Nil /\ tracks' = {}
         /\ wire' = [p \in Procs |-> IF p \in conn THEN Append(wire[p], Push) ELSE wire[p]]
         /\ UNCHANGED <<db, away, links, local, t, env, past>>
Replicate == /\ "failover" \in Faults /\ replica # store /\ replica' = store
             /\ UNCHANGED <<db, server, late, links, local, t, env, faults, past>>
Failover == /\ Fault("failover") /\ store' = replica /\ Cut(conn)
            /\ UNCHANGED <<db, away, linked, dead, frozen, since, past>>

--------------------------------------------------------------------------------
(* THE WHOLE. *)
Init ==
  /\ rows = {} /\ era = 0 /\ store = Nil /\ replica = Nil /\ late = {} /\ conn = Procs /\ tracks = {}
  /\ wire = [p \in Procs |-> <<>>] /\ word = [p \in Procs |-> MaxStaleness] /\ ping = [p \in Procs |-> None]
  /\ linked = [p \in Procs |-> None] /\ entry = [p \in Procs |-> None] /\ t = [c \in Callers |-> Idle(0)]
  /\ dead = {} /\ frozen = {} /\ inv = None /\ since = None /\ faults = 0 /\ said = {} /\ runs = 0 /\ bad = {}

Next ==
  \/ \E c \in Callers :
       \/ Enter(c) \/ Look(c) \/ Claim(c) \/ Find(c) \/ Create(c) \/ Insert(c) \/ Recover(c) \/ Publish(c)
       \/ LandRead(c) \/ LandFound(c) \/ FailAsWaiter(c) \/ WakeAtTheEnd(c) \/ LoseClaim(c)
       \/ LoseInsert(c) \/ Overdue(c) \/ Fail(c) \/ TimeOut(c) \/ TimeOutPublish(c) \/ WaitOver(c)
  \/ \E p \in Procs :
       Deliver(p) \/ Ping(p) \/ Connect(p) \/ Change(p) \/ Delete(p) \/ Lose(p) \/ Crash(p) \/ Freeze(p) \/ Thaw(p)
  \/ Expire \/ Tick \/ ExecuteLate \/ Flush \/ Replicate \/ Failover
Spec == Init /\ [][Next]_vars

(* What must go on for I6. A creator ends, but for one that was overdue. Nothing relies on waitTimeout. *)
Step(c) == \/ t[c].pc = "call" /\ Enter(c)
           \/ Look(c) \/ Claim(c) \/ Find(c) \/ (~t[c].alone /\ Create(c)) \/ Insert(c) \/ Recover(c) \/ Publish(c)
           \/ LandRead(c) \/ LandFound(c) \/ FailAsWaiter(c) \/ WakeAtTheEnd(c)
Live == /\ Spec /\ WF_vars(Expire /\ ~Renewed)
        /\ \A c \in Callers : WF_vars(Step(c))
        /\ \A p \in Procs : WF_vars(Deliver(p)) /\ WF_vars(Connect(p))

I1 == Cardinality(rows) <= 1
I2 == "I2" \notin bad
I3 == "I3" \notin bad
(* From the DEL on, no store has what was read before it; nor has, once it is confirmed, the process that asked for it. *)
I4 == /\ since # None /\ store.kind = "record" => store.val[1] = era
      /\ inv # None /\ inv.step = "confirmed" /\ Servable(inv.by) => entry[inv.by].val[1] = era
      /\ "I4" \notin bad
(* An entry is not served for longer than that; nor is a flight joined whose record a change was seen of. *)
I5 == /\ since # None /\ since > MaxStaleness => \A p \in Procs : Servable(p) => entry[p].val[1] = era
      /\ "I5" \notin bad
I6 == \A c \in Callers :
        t[c].pc \notin {"idle"} ~> t[c].pc = "idle" \/ t[c].alone \/ c[1] \in dead \cup frozen
I7 == faults = 0 /\ era = 0 => runs <= 1
================================================================================
