-- When a sender may send again, whatever turns were given: a turn that is late must not leave together with the next ones.
ALTER TABLE "send_pace" ADD COLUMN "free_at" TIMESTAMPTZ(3);
