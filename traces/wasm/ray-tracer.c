// ray-tracer: draws spheres that mirror each other, shadows and a chequered floor, in single precision.
#include "lab.h"

/** x, y, z and a fourth that is zero: one register where there is SIMD, four numbers where there is none. */
typedef float Vector __attribute__((vector_size(16)));
typedef struct { Vector centre, colour; float radius, mirror; } Sphere;

#define SPHERES 5
static const Sphere spheres[SPHERES] = {
  { { 0, 0.5f, 3 }, { 0.9f, 0.2f, 0.2f }, 1, 0.3f },
  { { -1.6f, 0, 2.2f }, { 0.2f, 0.9f, 0.3f }, 0.6f, 0.2f },
  { { 1.5f, -0.1f, 2 }, { 0.2f, 0.4f, 0.9f }, 0.5f, 0.4f },
  { { 0.4f, -0.3f, 1.2f }, { 0.9f, 0.9f, 0.3f }, 0.3f, 0 },
  { { -0.6f, 1.9f, 4 }, { 0.8f, 0.8f, 0.8f }, 0.8f, 0.8f },
};

static Vector times(Vector a, float b) { return a * (Vector){ b, b, b, b }; }
static float dot(Vector a, Vector b) {
  Vector product = a * b;
  return product[0] + product[1] + product[2];
}
static Vector unit(Vector a) { return times(a, 1 / __builtin_sqrtf(dot(a, a))); }

/** The distance at which a ray meets a sphere, or 0. */
static float meets(const Sphere *sphere, Vector from, Vector direction) {
  Vector to = sphere->centre - from;
  float along = dot(to, direction);
  float inside = along * along - dot(to, to) + sphere->radius * sphere->radius;
  if (inside < 0) return 0;
  float distance = along - __builtin_sqrtf(inside);
  return distance > 0.001f ? distance : 0;
}

static u32 rays;

static Vector colour(Vector from, Vector direction, int depth) {
  static const Vector light = { -3, 5, -2 };
  const Sphere *nearest = 0;
  float distance = 1e9f;
  rays++;
  for (int i = 0; i < SPHERES; i++) {
    float met = meets(&spheres[i], from, direction);
    if (met > 0 && met < distance) {
      distance = met;
      nearest = &spheres[i];
    }
  }
  Vector normal, own;
  float mirror = 0.1f;
  if (nearest) {
    normal = unit(from + times(direction, distance) - nearest->centre);
    own = nearest->colour;
    mirror = nearest->mirror;
  } else if (direction[1] < -0.01f) {
    distance = (-0.6f - from[1]) / direction[1];
    Vector at = from + times(direction, distance);
    int dark = ((int)(at[0] + 100) + (int)(at[2] + 100)) & 1;
    normal = (Vector){ 0, 1, 0 };
    own = dark ? (Vector){ 0.2f, 0.2f, 0.2f } : (Vector){ 0.9f, 0.9f, 0.9f };
  } else {
    float height = direction[1] > 0 ? direction[1] : 0;
    return (Vector){ 0.6f - 0.4f * height, 0.7f - 0.3f * height, 0.9f };
  }
  Vector at = from + times(direction, distance);
  Vector to_light = unit(light - at);
  float bright = dot(normal, to_light);
  if (bright < 0) bright = 0;
  rays++;
  for (int i = 0; i < SPHERES && bright > 0; i++)
    if (meets(&spheres[i], at, to_light) > 0) bright = 0;
  Vector shown = times(own, 0.15f + 0.85f * bright);
  if (mirror == 0 || depth == 0) return shown;
  Vector reflected = direction - times(normal, 2 * dot(direction, normal));
  return times(shown, 1 - mirror) + times(colour(at, unit(reflected), depth - 1), mirror);
}

static u8 image[3 * 160 * 80];

static void run(int full) {
  int width = full ? 120 : 16, height = full ? 60 : 8, step = full ? 3 : 1;
  u8 *pixel = image;
  for (int y = 0; y < height; y++) {
    for (int x = 0; x < width; x++) {
      Vector direction = { (x + 0.5f) / width * 2.4f - 1.2f, 0.7f - (y + 0.5f) / height * 1.2f, 1 };
      Vector seen = colour((Vector){ 0, 0.2f, -1 }, unit(direction), full ? 4 : 2);
      for (int i = 0; i < 3; i++) *pixel++ = seen[i] > 1 ? 255 : (u8)(seen[i] * 255);
      if (x % step == 0 && y % step == 0) print_char(" .:-=+*#%@"[(pixel[-3] + pixel[-2] + pixel[-1]) * 10 / 766]);
    }
    if (y % step == 0) print_char('\n');
  }
  report("rays", rays);
  report("image", checksum(image, pixel - image));
}
