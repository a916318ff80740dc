/* measure OUTPUT COMMAND ...: runs a command with its standard output in a file, and prints one JSON line
 * about it. A small program of its own, because a process begins with its parent's peak of memory. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static double time_ms(struct timeval time)
{
    return (double)time.tv_sec * 1e3 + (double)time.tv_usec / 1e3;
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fputs("usage: measure OUTPUT COMMAND [ARGUMENTS]\n", stderr);
        return 2;
    }
    double begun_ms = now_ms();
    pid_t child = fork();
    if (child == 0) {
        int output = open(argv[1], O_WRONLY | O_CREAT | O_TRUNC, 0600);
        if (output >= 0 && dup2(output, STDOUT_FILENO) >= 0 && close(output) == 0)
            execvp(argv[2], argv + 2);
        perror(argv[2]);
        _exit(127);
    }
    int status = -1;
    struct rusage used = {0};
    if (child < 0 || wait4(child, &status, 0, &used) != child)
        return 1;
    printf("{\"ms\":%.3f,\"cpu_ms\":%.3f,\"peak_kb\":%ld,\"exit\":%d}\n", now_ms() - begun_ms,
           time_ms(used.ru_utime) + time_ms(used.ru_stime), used.ru_maxrss,
           WIFEXITED(status) ? WEXITSTATUS(status) : -1);
    return 0;
}
