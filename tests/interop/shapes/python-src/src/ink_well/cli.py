def main():
    print("ink")
