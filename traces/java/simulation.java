// simulation: a shop floor of machines, queues and workers, driven by a heap of events of many classes.

final class Simulation {
  /** Something that happens at a time; events of the same time happen in the order in which they were planned. */
  abstract static class Event {
    final long time;
    int order;

    Event(long time) {
      this.time = time;
    }

    boolean before(Event other) {
      return time != other.time ? time < other.time : order < other.order;
    }

    abstract void happen(Floor floor);
  }

  /** Events by time: a binary heap. */
  static final class Agenda {
    private Event[] heap = new Event[16];
    private int size;
    private int planned;

    boolean isEmpty() {
      return size == 0;
    }

    void plan(Event event) {
      event.order = planned++;
      if (size == heap.length) {
        Event[] larger = new Event[2 * size];
        System.arraycopy(heap, 0, larger, 0, size);
        heap = larger;
      }
      int at = size++;
      while (at > 0 && event.before(heap[(at - 1) / 2])) {
        heap[at] = heap[(at - 1) / 2];
        at = (at - 1) / 2;
      }
      heap[at] = event;
    }

    Event next() {
      Event first = heap[0];
      Event last = heap[--size];
      int at = 0;
      while (true) {
        int child = 2 * at + 1;
        if (child >= size) break;
        if (child + 1 < size && heap[child + 1].before(heap[child])) child++;
        if (!heap[child].before(last)) break;
        heap[at] = heap[child];
        at = child;
      }
      heap[at] = last;
      return first;
    }
  }

  static final class Random {
    private int state;

    Random(int seed) {
      state = seed;
    }

    int below(int limit) {
      state = state * 1_103_515_245 + 12_345;
      return (state >>> 16) % limit;
    }
  }

  /** How long a step takes. */
  interface Duration {
    int draw(Random random);
  }

  static final class Fixed implements Duration {
    private final int length;

    Fixed(int length) {
      this.length = length;
    }

    @Override
    public int draw(Random random) {
      return length;
    }
  }

  static final class Between implements Duration {
    private final int least;
    private final int most;

    Between(int least, int most) {
      this.least = least;
      this.most = most;
    }

    @Override
    public int draw(Random random) {
      return least + random.below(most - least + 1);
    }
  }

  /** A sum of dice: around its mean more often. */
  static final class Dice implements Duration {
    private final int count;
    private final int sides;

    Dice(int count, int sides) {
      this.count = count;
      this.sides = sides;
    }

    @Override
    public int draw(Random random) {
      int sum = count;
      for (int i = 0; i < count; i++) sum += random.below(sides);
      return sum;
    }
  }

  /** An order on its way through the floor. */
  static final class Job {
    final int number;
    final long arrived;
    final int[] route;
    final int weight;
    int step;
    Job next;

    Job(int number, long arrived, int[] route, int weight) {
      this.number = number;
      this.arrived = arrived;
      this.route = route;
      this.weight = weight;
    }
  }

  /** A queue before a machine. */
  abstract static class Queue {
    Job head;
    int length;
    int longest;

    abstract void add(Job job);

    Job take() {
      Job job = head;
      head = job.next;
      job.next = null;
      length--;
      return job;
    }

    void counted() {
      if (++length > longest) longest = length;
    }
  }

  static final class FirstCome extends Queue {
    private Job tail;

    @Override
    void add(Job job) {
      if (head == null) head = job;
      else tail.next = job;
      tail = job;
      counted();
    }
  }

  static final class LastCome extends Queue {
    @Override
    void add(Job job) {
      job.next = head;
      head = job;
      counted();
    }
  }

  static final class Heaviest extends Queue {
    @Override
    void add(Job job) {
      Job before = null;
      Job after = head;
      while (after != null && after.weight >= job.weight) {
        before = after;
        after = after.next;
      }
      job.next = after;
      if (before == null) head = job;
      else before.next = job;
      counted();
    }
  }

  static final class Machine {
    final String name;
    final Queue queue;
    private final Duration work;
    private final int breaksEvery;
    private boolean busy;
    private boolean broken;
    private int sinceRepair;
    long busyTime;
    int done;
    int breakdowns;

    Machine(String name, Queue queue, Duration work, int breaksEvery) {
      this.name = name;
      this.queue = queue;
      this.work = work;
      this.breaksEvery = breaksEvery;
    }

    void start(Floor floor) {
      if (busy || broken || queue.head == null) return;
      busy = true;
      Job job = queue.take();
      int length = work.draw(floor.random);
      busyTime += length;
      floor.agenda.plan(new Finished(floor.now + length, this, job));
    }

    void finish(Floor floor) {
      busy = false;
      done++;
      if (breaksEvery > 0 && ++sinceRepair >= breaksEvery) {
        broken = true;
        sinceRepair = 0;
        breakdowns++;
        floor.agenda.plan(new Repaired(floor.now + 30 + floor.random.below(40), this));
      }
    }

    void repaired() {
      broken = false;
    }
  }

  static final class Arrival extends Event {
    private final Duration between;

    Arrival(long time, Duration between) {
      super(time);
      this.between = between;
    }

    @Override
    void happen(Floor floor) {
      floor.arrive();
      if (time < floor.closes) floor.agenda.plan(new Arrival(time + between.draw(floor.random), between));
    }
  }

  static final class Moved extends Event {
    private final Job job;

    Moved(long time, Job job) {
      super(time);
      this.job = job;
    }

    @Override
    void happen(Floor floor) {
      Machine machine = floor.machines[job.route[job.step]];
      machine.queue.add(job);
      machine.start(floor);
    }
  }

  static final class Finished extends Event {
    private final Machine machine;
    private final Job job;

    Finished(long time, Machine machine, Job job) {
      super(time);
      this.machine = machine;
      this.job = job;
    }

    @Override
    void happen(Floor floor) {
      machine.finish(floor);
      if (floor.random.below(20) == 0) floor.agenda.plan(new Moved(time + 3, job));
      else if (++job.step < job.route.length) floor.agenda.plan(new Moved(time + 1, job));
      else floor.agenda.plan(new Left(time, job));
      machine.start(floor);
    }
  }

  static final class Repaired extends Event {
    private final Machine machine;

    Repaired(long time, Machine machine) {
      super(time);
      this.machine = machine;
    }

    @Override
    void happen(Floor floor) {
      machine.repaired();
      machine.start(floor);
    }
  }

  static final class Left extends Event {
    private final Job job;

    Left(long time, Job job) {
      super(time);
      this.job = job;
    }

    @Override
    void happen(Floor floor) {
      floor.left++;
      floor.timeInside += time - job.arrived;
      floor.checksum = floor.checksum * 31 + job.number;
    }
  }

  /** Looks at all queues now and then. */
  static final class Inspection extends Event {
    Inspection(long time) {
      super(time);
    }

    @Override
    void happen(Floor floor) {
      for (Machine machine : floor.machines) floor.waiting += machine.queue.length;
      floor.inspections++;
      if (time < floor.closes) floor.agenda.plan(new Inspection(time + 50));
    }
  }

  static final class Floor {
    private static final int[][] ROUTES = {{0, 1, 4}, {0, 2, 3, 4}, {1, 3, 1, 4}, {2, 0, 4}, {3, 4}};
    final Agenda agenda = new Agenda();
    final Random random = new Random(4_711);
    final Machine[] machines = {
      new Machine("saw", new FirstCome(), new Fixed(9), 0),
      new Machine("lathe", new Heaviest(), new Between(6, 14), 40),
      new Machine("mill", new LastCome(), new Dice(3, 8), 25),
      new Machine("drill", new FirstCome(), new Dice(2, 10), 0),
      new Machine("paint", new Heaviest(), new Fixed(7), 60),
    };
    final long closes;
    long now;
    long timeInside;
    int jobs;
    int left;
    int waiting;
    int inspections;
    int checksum;
    int events;

    Floor(long closes) {
      this.closes = closes;
    }

    void arrive() {
      agenda.plan(new Moved(now, new Job(jobs++, now, ROUTES[random.below(ROUTES.length)], random.below(10))));
    }

    void run() {
      agenda.plan(new Arrival(0, new Dice(4, 10)));
      agenda.plan(new Arrival(5, new Between(15, 45)));
      agenda.plan(new Inspection(10));
      while (!agenda.isEmpty()) {
        Event event = agenda.next();
        now = event.time;
        events++;
        event.happen(this);
      }
    }
  }

  public static void main(String[] words) {
    boolean full = words.length > 0 && words[0].equals("full");
    Floor floor = new Floor(full ? 150_000 : 500);
    floor.run();
    System.out.println("events " + floor.events + ", jobs " + floor.jobs + ", left " + floor.left);
    System.out.println("mean time inside " + floor.timeInside / floor.left);
    System.out.println("mean waiting " + floor.waiting * 100 / floor.inspections + " of 100");
    for (Machine machine : floor.machines) {
      System.out.println(
          machine.name + " did " + machine.done + ", busy " + machine.busyTime * 100 / floor.now + " %, longest queue "
              + machine.queue.longest + ", breakdowns " + machine.breakdowns);
    }
    System.out.println("checksum " + floor.checksum);
  }
}
