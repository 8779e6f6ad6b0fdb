// ray-tracer: a scene of balls, a floor and triangles, with shadows, reflection and several lights (the kind of SPECjvm98's mtrt).

final class RayTracer {
  /** A point, a direction or a colour. */
  static final class Vector {
    final double x;
    final double y;
    final double z;

    Vector(double x, double y, double z) {
      this.x = x;
      this.y = y;
      this.z = z;
    }

    Vector plus(Vector other) {
      return new Vector(x + other.x, y + other.y, z + other.z);
    }

    Vector minus(Vector other) {
      return new Vector(x - other.x, y - other.y, z - other.z);
    }

    Vector times(double factor) {
      return new Vector(x * factor, y * factor, z * factor);
    }

    Vector tinted(Vector colour) {
      return new Vector(x * colour.x, y * colour.y, z * colour.z);
    }

    double dot(Vector other) {
      return x * other.x + y * other.y + z * other.z;
    }

    Vector cross(Vector other) {
      return new Vector(y * other.z - z * other.y, z * other.x - x * other.z, x * other.y - y * other.x);
    }

    Vector unit() {
      return times(1 / Math.sqrt(dot(this)));
    }
  }

  static final class Ray {
    final Vector origin;
    final Vector direction;

    Ray(Vector origin, Vector direction) {
      this.origin = origin;
      this.direction = direction;
    }

    Vector at(double distance) {
      return origin.plus(direction.times(distance));
    }
  }

  /** The look of a surface. */
  interface Surface {
    Vector colourAt(Vector point);

    double mirror();
  }

  static final class Plain implements Surface {
    private final Vector colour;
    private final double mirror;

    Plain(Vector colour, double mirror) {
      this.colour = colour;
      this.mirror = mirror;
    }

    @Override
    public Vector colourAt(Vector point) {
      return colour;
    }

    @Override
    public double mirror() {
      return mirror;
    }
  }

  static final class Checkers implements Surface {
    private final Surface even;
    private final Surface odd;

    Checkers(Surface even, Surface odd) {
      this.even = even;
      this.odd = odd;
    }

    @Override
    public Vector colourAt(Vector point) {
      boolean isEven = ((int) Math.floor(point.x) + (int) Math.floor(point.z)) % 2 == 0;
      return (isEven ? even : odd).colourAt(point);
    }

    @Override
    public double mirror() {
      return 0.15;
    }
  }

  /** What a ray can hit. */
  abstract static class Thing {
    static final double NEAR = 1e-6;
    final Surface surface;

    Thing(Surface surface) {
      this.surface = surface;
    }

    /** The distance at which a ray hits, infinite if it misses. */
    abstract double hit(Ray ray);

    abstract Vector normal(Vector point);
  }

  static final class Ball extends Thing {
    private final Vector centre;
    private final double radius;

    Ball(Surface surface, Vector centre, double radius) {
      super(surface);
      this.centre = centre;
      this.radius = radius;
    }

    @Override
    double hit(Ray ray) {
      Vector to = centre.minus(ray.origin);
      double along = to.dot(ray.direction);
      double under = along * along - to.dot(to) + radius * radius;
      if (under < 0) return Double.POSITIVE_INFINITY;
      double root = Math.sqrt(under);
      if (along - root > NEAR) return along - root;
      return along + root > NEAR ? along + root : Double.POSITIVE_INFINITY;
    }

    @Override
    Vector normal(Vector point) {
      return point.minus(centre).times(1 / radius);
    }
  }

  static final class Floor extends Thing {
    private static final Vector UP = new Vector(0, 1, 0);
    private final double height;

    Floor(Surface surface, double height) {
      super(surface);
      this.height = height;
    }

    @Override
    double hit(Ray ray) {
      if (ray.direction.y == 0) return Double.POSITIVE_INFINITY;
      double distance = (height - ray.origin.y) / ray.direction.y;
      return distance > NEAR ? distance : Double.POSITIVE_INFINITY;
    }

    @Override
    Vector normal(Vector point) {
      return UP;
    }
  }

  static final class Triangle extends Thing {
    private final Vector corner;
    private final Vector first;
    private final Vector second;
    private final Vector normal;

    Triangle(Surface surface, Vector a, Vector b, Vector c) {
      super(surface);
      corner = a;
      first = b.minus(a);
      second = c.minus(a);
      normal = first.cross(second).unit();
    }

    @Override
    double hit(Ray ray) {
      Vector p = ray.direction.cross(second);
      double determinant = first.dot(p);
      if (Math.abs(determinant) < NEAR) return Double.POSITIVE_INFINITY;
      Vector to = ray.origin.minus(corner);
      double u = to.dot(p) / determinant;
      if (u < 0 || u > 1) return Double.POSITIVE_INFINITY;
      Vector q = to.cross(first);
      double v = ray.direction.dot(q) / determinant;
      if (v < 0 || u + v > 1) return Double.POSITIVE_INFINITY;
      double distance = second.dot(q) / determinant;
      return distance > NEAR ? distance : Double.POSITIVE_INFINITY;
    }

    @Override
    Vector normal(Vector point) {
      return normal;
    }
  }

  static final class Scene {
    private static final Vector BLACK = new Vector(0, 0, 0);
    private final Thing[] things;
    private final Vector[] lights;
    int rays;

    Scene(Thing[] things, Vector[] lights) {
      this.things = things;
      this.lights = lights;
    }

    private boolean shadowed(Vector point, Vector toLight, double distance) {
      rays++;
      Ray ray = new Ray(point, toLight);
      for (Thing thing : things) if (thing.hit(ray) < distance) return true;
      return false;
    }

    Vector trace(Ray ray, int depth) {
      rays++;
      Thing nearest = null;
      double distance = Double.POSITIVE_INFINITY;
      for (Thing thing : things) {
        double hit = thing.hit(ray);
        if (hit < distance) {
          distance = hit;
          nearest = thing;
        }
      }
      if (nearest == null) return new Vector(0.3, 0.4, 0.6 + 0.3 * Math.max(0, ray.direction.y));
      Vector point = ray.at(distance);
      Vector normal = nearest.normal(point);
      if (normal.dot(ray.direction) > 0) normal = normal.times(-1);
      Vector colour = nearest.surface.colourAt(point);
      Vector sum = colour.times(0.1);
      for (Vector light : lights) {
        Vector to = light.minus(point);
        double away = Math.sqrt(to.dot(to));
        Vector toLight = to.times(1 / away);
        double bright = normal.dot(toLight);
        if (bright > 0 && !shadowed(point, toLight, away)) sum = sum.plus(colour.times(bright * 0.6));
      }
      double mirror = nearest.surface.mirror();
      if (mirror == 0 || depth == 0) return sum;
      Vector onward = ray.direction.minus(normal.times(2 * normal.dot(ray.direction)));
      return sum.times(1 - mirror).plus(trace(new Ray(point, onward), depth - 1).times(mirror));
    }

    static Vector black() {
      return BLACK;
    }
  }

  private static Scene scene(int balls) {
    Thing[] things = new Thing[balls + 3];
    for (int i = 0; i < balls; i++) {
      Surface surface = new Plain(new Vector(0.3 + 0.1 * (i % 7), 0.9 - 0.1 * (i % 5), 0.5), i % 3 == 0 ? 0.5 : 0);
      things[i] = new Ball(surface, new Vector(i % 4 - 1.5, 0.2 + 0.5 * (i / 4), 4 + (i * 5) % 3), 0.4 + 0.05 * (i % 3));
    }
    things[balls] = new Floor(new Checkers(new Plain(new Vector(1, 1, 1), 0), new Plain(new Vector(0.1, 0.1, 0.1), 0)), -0.5);
    Surface glass = new Plain(new Vector(0.8, 0.7, 0.2), 0.3);
    things[balls + 1] = new Triangle(glass, new Vector(-3, -0.5, 8), new Vector(3, -0.5, 8), new Vector(0, 4, 7));
    things[balls + 2] = new Triangle(glass, new Vector(-4, -0.5, 5), new Vector(-3, -0.5, 8), new Vector(-4, 3, 6));
    return new Scene(things, new Vector[] {new Vector(5, 8, -3), new Vector(-6, 5, 1)});
  }

  public static void main(String[] words) {
    boolean full = words.length > 0 && words[0].equals("full");
    int width = full ? 72 : 6;
    int height = full ? 54 : 5;
    Scene scene = scene(full ? 8 : 4);
    Vector eye = new Vector(0, 1, -2);
    Vector sum = Scene.black();
    int checksum = 0;
    StringBuilder line = new StringBuilder();
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        Vector direction = new Vector((x + 0.5 - width / 2.0) / height, (height / 2.0 - y - 0.5) / height, 1).unit();
        Vector colour = scene.trace(new Ray(eye, direction), 3);
        sum = sum.plus(colour);
        int grey = (int) (255 * Math.min(1, (colour.x + colour.y + colour.z) / 3));
        checksum = checksum * 31 + grey;
        if (y == height / 2) line.append(" .:-=+*#%@".charAt(grey * 10 / 256));
      }
    }
    System.out.println(line);
    System.out.println("rays " + scene.rays);
    System.out.println("mean " + Math.round(sum.dot(new Vector(1, 1, 1)) * 100_000 / (3 * width * height)) + " of 100000");
    System.out.println("checksum " + checksum);
  }
}
