// Another witness: an agent that has the virtual machine's interpreter report every single instruction, and writes its opcode, a byte
// each, from the first of the main method to its return. Options: the output file, the main class, "on" or "off" for classes of the
// JDK, with commas between them.
#include <jvmti.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static FILE *output;
static char main_class[512];
static int jdk;
static jmethodID main_method;
static jobject platform;
static int running;
static int skip_repeated;

struct known {
  jmethodID method;
  unsigned char *code;
};
#define KNOWN (1 << 20)
static struct known known[KNOWN];

/** The code of a method; NULL for one that is left out. */
static unsigned char *code_of(jvmtiEnv *jvmti, JNIEnv *jni, jmethodID method) {
  size_t at = ((size_t)method >> 3) * 2654435761u % KNOWN;
  while (known[at].method != NULL && known[at].method != method) at = (at + 1) % KNOWN;
  if (known[at].method == method) return known[at].code;
  known[at].method = method;
  jclass type;
  jobject loader;
  jint length;
  (*jvmti)->GetMethodDeclaringClass(jvmti, method, &type);
  (*jvmti)->GetClassLoader(jvmti, type, &loader);
  int own = loader != NULL && !(platform != NULL && (*jni)->IsSameObject(jni, loader, platform));
  if (jdk || own) (*jvmti)->GetBytecodes(jvmti, method, &length, &known[at].code);
  if (getenv("STEPS_NAMES") != NULL) {
    char *name, *signature;
    (*jvmti)->GetMethodName(jvmti, method, &name, NULL, NULL);
    (*jvmti)->GetClassSignature(jvmti, type, &signature, NULL);
    fprintf(stderr, "%ld %s.%s\n", ftell(output), signature, name);
  }
  return known[at].code;
}

static void step(jvmtiEnv *jvmti, JNIEnv *jni, jthread thread, jmethodID method, jlocation at) {
  if (skip_repeated) {
    skip_repeated = 0;
    if (method == main_method && at == 0) return;
  }
  unsigned char *code = code_of(jvmti, jni, method);
  if (code != NULL) fputc(code[at], output);
}

static void stopped(jvmtiEnv *jvmti, JNIEnv *jni, jthread thread, jmethodID method, jlocation at) {
  if (running) return;
  running = 1;
  step(jvmti, jni, thread, method, at);
  skip_repeated = 1;
  (*jvmti)->NotifyFramePop(jvmti, thread, 0);
  (*jvmti)->SetEventNotificationMode(jvmti, JVMTI_ENABLE, JVMTI_EVENT_SINGLE_STEP, thread);
}

static void left(jvmtiEnv *jvmti, JNIEnv *jni, jthread thread, jmethodID method, jboolean thrown) {
  (*jvmti)->SetEventNotificationMode(jvmti, JVMTI_DISABLE, JVMTI_EVENT_SINGLE_STEP, thread);
  fflush(output);
}

static void prepared(jvmtiEnv *jvmti, JNIEnv *jni, jthread thread, jclass type) {
  char *signature;
  (*jvmti)->GetClassSignature(jvmti, type, &signature, NULL);
  if (strcmp(signature, main_class) == 0) {
    main_method = (*jni)->GetStaticMethodID(jni, type, "main", "([Ljava/lang/String;)V");
    (*jvmti)->SetBreakpoint(jvmti, main_method, 0);
  }
  (*jvmti)->Deallocate(jvmti, (unsigned char *)signature);
}

static void started(jvmtiEnv *jvmti, JNIEnv *jni, jthread thread) {
  jclass loaders = (*jni)->FindClass(jni, "java/lang/ClassLoader");
  jmethodID get = (*jni)->GetStaticMethodID(jni, loaders, "getPlatformClassLoader", "()Ljava/lang/ClassLoader;");
  platform = (*jni)->NewGlobalRef(jni, (*jni)->CallStaticObjectMethod(jni, loaders, get));
}

static void died(jvmtiEnv *jvmti, JNIEnv *jni) { fclose(output); }

JNIEXPORT jint JNICALL Agent_OnLoad(JavaVM *vm, char *options, void *reserved) {
  jvmtiEnv *jvmti;
  if ((*vm)->GetEnv(vm, (void **)&jvmti, JVMTI_VERSION_1_2) != JNI_OK) return 1;
  char *file = strtok(options, ",");
  char *name = strtok(NULL, ",");
  jdk = strcmp(strtok(NULL, ","), "on") == 0;
  output = fopen(file, "wb");
  snprintf(main_class, sizeof main_class, "L%s;", name);
  for (char *at = main_class; *at != 0; at++) {
    if (*at == '.') *at = '/';
  }
  jvmtiCapabilities capabilities = {0};
  capabilities.can_generate_single_step_events = 1;
  capabilities.can_generate_breakpoint_events = 1;
  capabilities.can_generate_frame_pop_events = 1;
  capabilities.can_get_bytecodes = 1;
  if ((*jvmti)->AddCapabilities(jvmti, &capabilities) != 0) return 1;
  jvmtiEventCallbacks callbacks = {0};
  callbacks.SingleStep = step;
  callbacks.Breakpoint = stopped;
  callbacks.FramePop = left;
  callbacks.ClassPrepare = prepared;
  callbacks.VMInit = started;
  callbacks.VMDeath = died;
  (*jvmti)->SetEventCallbacks(jvmti, &callbacks, sizeof callbacks);
  (*jvmti)->SetEventNotificationMode(jvmti, JVMTI_ENABLE, JVMTI_EVENT_VM_INIT, NULL);
  (*jvmti)->SetEventNotificationMode(jvmti, JVMTI_ENABLE, JVMTI_EVENT_VM_DEATH, NULL);
  (*jvmti)->SetEventNotificationMode(jvmti, JVMTI_ENABLE, JVMTI_EVENT_CLASS_PREPARE, NULL);
  (*jvmti)->SetEventNotificationMode(jvmti, JVMTI_ENABLE, JVMTI_EVENT_BREAKPOINT, NULL);
  (*jvmti)->SetEventNotificationMode(jvmti, JVMTI_ENABLE, JVMTI_EVENT_FRAME_POP, NULL);
  return 0;
}
